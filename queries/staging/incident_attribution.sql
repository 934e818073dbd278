-- name: incident_attribution
-- about: The production deployment that each incident is laid to, and how.
-- grain: one row per incident
-- key: incident_id
-- reads: params, items_as_of, item_components, deployments_as_of,
--   deployment_items, incidents_as_of, config_items
-- columns:
--   incident_id       string     Incident.
--   deployment_id     string?    Deployment; null when unattributed.
--   method            string     deployment, change, ci, system, unattributed.
--   confidence        double     1 explicit, .9 change, .7 CI, .5 system, or 0.
--   opened_at         timestamp  When the incident was opened.
--   hours_after       double?    Hours from the deployment's end to it.
--   kind              string     incident, problem or user_report.
--   system            string?    System that suffered.
--   is_within_window  boolean    Opened within the headline window.

-- Definition, Success: "Attribution of an incident: explicit link, else the
-- change, else the CI touched, else the system within W ... An incident
-- before any deployment is unattributed."
-- deployment  the source names a deployment that had ended by the as-of, in
--             whatever environment. A name nobody knows is no link, nor is a
--             deployment that began after the incident was opened: it may be
--             the cure, it is not the cause.
-- change      the latest completed production deployment of the incident's
--             change that had started by then.
-- ci          the latest completed production deployment that holds an item
--             with the incident's CI among its components (by id or name; a
--             deployment without listed items holds its release's), else the
--             latest one of the CI's system.
-- system      the latest one of the incident's system. Where neither names a
--             system, there is one unnamed system.
-- The last two are guesses: they look back over the longest window printed
-- (7 days, or the headline window if longer). The deployment found depends on
-- neither the window nor the as-of, only whether it counts does.
-- A failed deployment is a candidate too: it is the last thing that touched
-- production, and blaming the one before it would fail a sound deployment.

with windows as (
    select
        incident_window_hours,
        greatest(incident_window_hours, 168e0) as lookback_hours
    from params
),

incident_rows as (
    select
        incident_id,
        deployment_id,
        change_id,
        ci_id,
        system,
        kind,
        opened_at
    from incidents_as_of
),

all_deployments as (
    select
        deployment_id,
        coalesce(started_at, finished_at) as started_at,
        finished_at
    from deployments_as_of
),

candidates as (
    select
        deployment_id,
        release_id,
        system,
        change_id,
        coalesce(started_at, finished_at) as started_at,
        finished_at
    from deployments_as_of
    where is_production and is_completed
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

release_items as (
    select
        item_id,
        release_id
    from items_as_of
    where release_id is not null
),

components as (
    select
        item_id,
        component
    from item_components
),

cis as (
    select
        ci_id,
        name,
        system
    from config_items
),

lookbacks as (
    select
        incident_rows.incident_id,
        incident_rows.ci_id,
        incident_rows.system,
        incident_rows.opened_at,
        plus_seconds(
            incident_rows.opened_at, -3600e0 * windows.lookback_hours
        ) as earliest_at
    from incident_rows
    cross join windows
),

explicit_links as (
    select
        incident_rows.incident_id,
        all_deployments.deployment_id,
        all_deployments.finished_at,
        'deployment' as method,
        1e0 as confidence,
        1 as preference
    from incident_rows
    inner join all_deployments
        on incident_rows.deployment_id = all_deployments.deployment_id
        and all_deployments.started_at <= incident_rows.opened_at
),

change_links as (
    select
        incident_rows.incident_id,
        candidates.deployment_id,
        candidates.finished_at,
        'change' as method,
        9e-1 as confidence,
        2 as preference
    from incident_rows
    inner join candidates
        on incident_rows.change_id = candidates.change_id
        and candidates.started_at <= incident_rows.opened_at
),

itemised_deployments as (
    select distinct deployment_id
    from held_items
),

deployed_items as (
    select
        deployment_id,
        item_id
    from held_items
    union all
    select
        candidates.deployment_id,
        release_items.item_id
    from candidates
    inner join release_items
        on candidates.release_id = release_items.release_id
    left join itemised_deployments
        on candidates.deployment_id = itemised_deployments.deployment_id
    where itemised_deployments.deployment_id is null
),

incident_components as (
    select incident_id, ci_id as component, opened_at, earliest_at
    from lookbacks
    where ci_id is not null
    union all
    select
        lookbacks.incident_id,
        cis.name as component,
        lookbacks.opened_at,
        lookbacks.earliest_at
    from lookbacks
    inner join cis
        on lookbacks.ci_id = cis.ci_id
),

touched_cis as (
    select distinct component
    from incident_components
),

touching_deployments as (
    select distinct
        components.component,
        candidates.deployment_id,
        candidates.finished_at
    from components
    inner join touched_cis
        on components.component = touched_cis.component
    inner join deployed_items
        on components.item_id = deployed_items.item_id
    inner join candidates
        on deployed_items.deployment_id = candidates.deployment_id
),

ci_links as (
    select
        incident_components.incident_id,
        touching_deployments.deployment_id,
        touching_deployments.finished_at,
        'ci' as method,
        7e-1 as confidence,
        3 as preference
    from incident_components
    inner join touching_deployments
        on incident_components.component = touching_deployments.component
        and touching_deployments.finished_at <= incident_components.opened_at
        and touching_deployments.finished_at
        >= incident_components.earliest_at
),

ci_system_links as (
    select
        lookbacks.incident_id,
        candidates.deployment_id,
        candidates.finished_at,
        'ci' as method,
        7e-1 as confidence,
        4 as preference
    from lookbacks
    inner join cis
        on lookbacks.ci_id = cis.ci_id
    inner join candidates
        on cis.system = candidates.system
        and candidates.finished_at <= lookbacks.opened_at
        and candidates.finished_at >= lookbacks.earliest_at
),

system_links as (
    select
        lookbacks.incident_id,
        candidates.deployment_id,
        candidates.finished_at,
        'system' as method,
        5e-1 as confidence,
        5 as preference
    from lookbacks
    inner join candidates
        on lookbacks.system is not distinct from candidates.system
        and candidates.finished_at <= lookbacks.opened_at
        and candidates.finished_at >= lookbacks.earliest_at
),

all_links as (
    select
        incident_id, deployment_id, finished_at, method, confidence, preference
    from explicit_links
    union all
    select
        incident_id, deployment_id, finished_at, method, confidence, preference
    from change_links
    union all
    select
        incident_id, deployment_id, finished_at, method, confidence, preference
    from ci_links
    union all
    select
        incident_id, deployment_id, finished_at, method, confidence, preference
    from ci_system_links
    union all
    select
        incident_id, deployment_id, finished_at, method, confidence, preference
    from system_links
),

best_links as (
    select
        incident_id,
        deployment_id,
        finished_at,
        method,
        confidence
    from all_links
    qualify row_number() over (
        partition by incident_id
        order by preference, finished_at desc, deployment_id desc
    ) = 1
),

timed_incidents as (
    select
        incident_rows.incident_id,
        best_links.deployment_id,
        coalesce(best_links.method, 'unattributed') as method,
        coalesce(best_links.confidence, 0e0) as confidence,
        incident_rows.opened_at,
        seconds_between(
            best_links.finished_at, incident_rows.opened_at
        ) / 3600e0 as hours_after,
        incident_rows.kind,
        incident_rows.system
    from incident_rows
    left join best_links
        on incident_rows.incident_id = best_links.incident_id
),

attributed_incidents as (
    select
        timed_incidents.incident_id,
        timed_incidents.deployment_id,
        timed_incidents.method,
        timed_incidents.confidence,
        timed_incidents.opened_at,
        timed_incidents.hours_after,
        timed_incidents.kind,
        timed_incidents.system,
        coalesce(
            timed_incidents.hours_after <= windows.incident_window_hours,
            false
        ) as is_within_window
    from timed_incidents
    cross join windows
)

select
    incident_id,
    deployment_id,
    method,
    confidence,
    opened_at,
    hours_after,
    kind,
    system,
    is_within_window
from attributed_incidents
order by incident_id
