-- name: release_incidents
-- about: Incidents, rollbacks and hotfixes that answer a release's deployments.
-- grain: one row per production deployment of a release and event
-- key: deployment_id, event_kind, event_id
-- reads: success_rate, deployment_repairs, incidents_as_of,
--   incident_attribution
-- columns:
--   deployment_id     string      Completed production deployment.
--   event_kind        string      incident, rollback or hotfix.
--   event_id          string      Incident, or the deployment that answers it.
--   release_id        string      Release of the deployment.
--   method            string      How it is tied to the deployment; see below.
--   summary           string?     What happened, of an incident.
--   answered_by       string?     Item that answers the incident.
--   severity          bigint?     1 the worst, 5 the least, of an incident.
--   confidence        double?     1 said by the sources, else as attributed.
--   hours_after       double?     From the end of the deployment to it.
--   is_counted        boolean     It makes the deployment a failed one.
--   happened_at       timestamp   Opened, or end of the answering deployment.
--   resolved_at       timestamp?  Resolution of an incident.

-- Definition, Success: "Attribution of an incident: explicit link, else the
-- change, else the CI touched, else the system within W ... the method and its
-- confidence are kept".
-- method  of an incident  deployment, change, ci or system.
--         of an answer    stated, where the sources say so, else concluded
--                         from an incident that a hotfix item answers: then
--                         nobody gave a confidence.
-- is_counted  as in success_rate: incidents within the headline window, every
-- rollback and hotfix. An incident that came later, a problem or a user report
-- is listed and does not count; nor does anything count where no incidents
-- are recorded for the system.

with deployments_judged as (
    select
        deployment_id,
        release_id,
        finished_at,
        has_incident_feed
    from success_rate
    where release_id is not null
),

repairs as (
    select
        deployment_id,
        repair_id,
        method,
        is_explicit,
        repaired_at
    from deployment_repairs
),

incident_rows as (
    select
        incident_attribution.incident_id,
        incident_attribution.deployment_id,
        incident_attribution.method,
        incident_attribution.confidence,
        incident_attribution.hours_after,
        incident_attribution.kind,
        incident_attribution.is_within_window,
        incidents_as_of.summary,
        incidents_as_of.item_id,
        incidents_as_of.severity,
        incidents_as_of.opened_at,
        incidents_as_of.resolved_at
    from incident_attribution
    inner join incidents_as_of
        on incident_attribution.incident_id = incidents_as_of.incident_id
    where incident_attribution.deployment_id is not null
),

incident_events as (
    select
        deployments_judged.deployment_id,
        'incident' as event_kind,
        incident_rows.incident_id as event_id,
        deployments_judged.release_id,
        incident_rows.method,
        incident_rows.summary,
        incident_rows.item_id as answered_by,
        incident_rows.severity,
        incident_rows.confidence,
        incident_rows.hours_after,
        deployments_judged.has_incident_feed
        and incident_rows.kind = 'incident'
        and incident_rows.is_within_window as is_counted,
        incident_rows.opened_at as happened_at,
        incident_rows.resolved_at
    from deployments_judged
    inner join incident_rows
        on deployments_judged.deployment_id = incident_rows.deployment_id
),

merged_repairs as (
    select
        deployment_id,
        repair_id,
        method,
        bool_or(is_explicit) as is_explicit,
        min(repaired_at) as repaired_at
    from repairs
    group by deployment_id, repair_id, method
),

repair_events as (
    select
        deployments_judged.deployment_id,
        merged_repairs.method as event_kind,
        merged_repairs.repair_id as event_id,
        deployments_judged.release_id,
        case
            when merged_repairs.is_explicit then 'stated' else 'concluded'
        end as method,
        cast(null as string) as summary,
        cast(null as string) as answered_by,
        cast(null as bigint) as severity,
        case when merged_repairs.is_explicit then 1e0 end as confidence,
        seconds_between(
            deployments_judged.finished_at, merged_repairs.repaired_at
        ) / 3600e0 as hours_after,
        deployments_judged.has_incident_feed as is_counted,
        merged_repairs.repaired_at as happened_at,
        cast(null as timestamp) as resolved_at
    from deployments_judged
    inner join merged_repairs
        on deployments_judged.deployment_id = merged_repairs.deployment_id
),

all_events as (
    select
        deployment_id, event_kind, event_id, release_id, method, summary,
        answered_by, severity, confidence, hours_after, is_counted,
        happened_at, resolved_at
    from incident_events
    union all
    select
        deployment_id, event_kind, event_id, release_id, method, summary,
        answered_by, severity, confidence, hours_after, is_counted,
        happened_at, resolved_at
    from repair_events
)

select
    deployment_id,
    event_kind,
    event_id,
    release_id,
    method,
    summary,
    answered_by,
    severity,
    confidence,
    hours_after,
    is_counted,
    happened_at,
    resolved_at
from all_events
order by deployment_id, event_kind, event_id
