-- name: operation_reports
-- about: What operations and users reported by the as-of, as one list:
--   incidents of all kinds, and feedback.
-- grain: one row per incident and per row of feedback
-- key: report_id
-- reads: params, feedback_limits, severity_weights, local_days,
--   incidents_as_of, incident_attribution, deployments_as_of, config_items,
--   feedback, items_as_of, item_components, releases_as_of
-- columns:
--   report_id        string      incident/ or feedback/, and the source's id.
--   source_table     string      incidents or feedback.
--   source_id        string      The source's own id.
--   report_kind      string      incident, problem, user_report or feedback.
--   system           string?     System that suffered.
--   component        string?     Name of the configuration item that suffered.
--   category         string?     The source's own word.
--   text             string?     Summary or comment.
--   item_id          string?     Item that answers it; of feedback, null.
--   about_item_id    string?     Item that feedback is about.
--   release_id       string?     Release that it is tied to; see below.
--   deployment_id    string?     Deployment that an incident is attributed to.
--   exclusion        string?     Why it is no report of trouble; null if it is.
--   severity         bigint?     1 the worst, 5 the least, of an incident.
--   score            bigint?     1 to 5, of feedback.
--   open_seconds     bigint?     From opening to repair, or to the as-of, of an
--                                incident; null where it ended before it began.
--   pain_thousandth  bigint      Thousandths of weighed hours; see below.
--   is_open          boolean     An incident of any kind that is not resolved.
--   week_start       date?       Monday of its local week.
--   reported_at      timestamp   When it was opened or given.

-- Release: of an incident, that of the deployment it is attributed to; of
-- feedback, the one that it names, else that of the item it is about.
-- Component: of an incident, its configuration item by name; of feedback, the
-- component of the item, where that has exactly one. System: of an incident
-- its own, else that of its configuration item; of feedback that of the item,
-- else of the release.
-- exclusion  satisfied         feedback with a score above max_score.
--            outside_calendar  dated where no calendar reaches.
-- Feedback without a score may be of either kind and counts.
-- Pain of a report: of kind incident, weight of its severity × hours open (at
-- most max_hours); of any other kind, and where the hours are not known,
-- report_hours. A severity that is none of the scale weighs as an unknown one.
-- A problem is the cause behind incidents and a user report no
-- outage: how long they stay open says nothing of what anybody suffered. In
-- whole thousandths, so that sums are the same in any order.

with instant as (
    select as_of
    from params
),

limits as (
    select
        max_score,
        max_hours,
        report_hours
    from feedback_limits
),

weights as (
    select
        severity,
        weight
    from severity_weights
    where severity is not null
),

unknown_weights as (
    select weight
    from severity_weights
    where severity is null
),

days as (
    select
        utc_date,
        week_start,
        start_at,
        end_at
    from local_days
),

cis as (
    select
        ci_id,
        name,
        system
    from config_items
),

deployment_releases as (
    select
        deployment_id,
        release_id
    from deployments_as_of
),

attributed as (
    select
        incident_attribution.incident_id,
        incident_attribution.deployment_id,
        deployment_releases.release_id
    from incident_attribution
    left join deployment_releases
        on incident_attribution.deployment_id
        = deployment_releases.deployment_id
),

component_names as (
    select
        item_components.item_id,
        coalesce(cis.name, item_components.component) as component
    from item_components
    left join cis
        on item_components.component = cis.ci_id
),

single_components as (
    select
        item_id,
        min(component) as component
    from component_names
    group by item_id
    having count(distinct component) = 1
),

incident_rows as (
    select
        'incident/' || incidents_as_of.incident_id as report_id,
        'incidents' as source_table,
        incidents_as_of.incident_id as source_id,
        incidents_as_of.kind as report_kind,
        coalesce(incidents_as_of.system, cis.system) as system,
        coalesce(cis.name, incidents_as_of.ci_id) as component,
        nullif(trim(incidents_as_of.category), '') as category,
        nullif(trim(incidents_as_of.summary), '') as text,
        incidents_as_of.item_id,
        cast(null as string) as about_item_id,
        attributed.release_id,
        attributed.deployment_id,
        incidents_as_of.severity,
        cast(null as bigint) as score,
        case
            when
                coalesce(incidents_as_of.resolved_at, instant.as_of)
                >= incidents_as_of.opened_at
                then cast(
                    round(
                        seconds_between(
                            incidents_as_of.opened_at,
                            coalesce(
                                incidents_as_of.resolved_at, instant.as_of
                            )
                        )
                    ) as bigint
                )
        end as open_seconds,
        incidents_as_of.resolved_at is null as is_open,
        incidents_as_of.opened_at as reported_at
    from incidents_as_of
    cross join instant
    left join cis
        on incidents_as_of.ci_id = cis.ci_id
    left join attributed
        on incidents_as_of.incident_id = attributed.incident_id
),

feedback_rows as (
    select
        'feedback/' || feedback.feedback_id as report_id,
        'feedback' as source_table,
        feedback.feedback_id as source_id,
        'feedback' as report_kind,
        coalesce(items_as_of.system, releases_as_of.system) as system,
        single_components.component,
        cast(null as string) as category,
        nullif(trim(feedback.comment), '') as text,
        cast(null as string) as item_id,
        feedback.item_id as about_item_id,
        coalesce(feedback.release_id, items_as_of.release_id) as release_id,
        cast(null as string) as deployment_id,
        cast(null as bigint) as severity,
        cast(feedback.score as bigint) as score,
        cast(null as bigint) as open_seconds,
        false as is_open,
        feedback.given_at as reported_at
    from feedback
    inner join instant
        on feedback.given_at <= instant.as_of
    left join items_as_of
        on feedback.item_id = items_as_of.item_id
    left join releases_as_of
        on coalesce(feedback.release_id, items_as_of.release_id)
        = releases_as_of.release_id
    left join single_components
        on feedback.item_id = single_components.item_id
),

all_rows as (
    select
        report_id, source_table, source_id, report_kind, system, component,
        category, text, item_id, about_item_id, release_id, deployment_id,
        severity, score, open_seconds, is_open, reported_at
    from incident_rows
    union all
    select
        report_id, source_table, source_id, report_kind, system, component,
        category, text, item_id, about_item_id, release_id, deployment_id,
        severity, score, open_seconds, is_open, reported_at
    from feedback_rows
),

weighed_rows as (
    select
        all_rows.report_id,
        all_rows.source_table,
        all_rows.source_id,
        all_rows.report_kind,
        all_rows.system,
        all_rows.component,
        all_rows.category,
        all_rows.text,
        all_rows.item_id,
        all_rows.about_item_id,
        all_rows.release_id,
        all_rows.deployment_id,
        case
            when days.week_start is null then 'outside_calendar'
            when all_rows.score > limits.max_score then 'satisfied'
        end as exclusion,
        all_rows.severity,
        all_rows.score,
        all_rows.open_seconds,
        cast(
            round(
                1000e0 * case
                    when
                        all_rows.report_kind = 'incident'
                        and all_rows.open_seconds is not null
                        then
                            coalesce(weights.weight, unknown_weights.weight)
                            * least(
                                all_rows.open_seconds / 3600e0,
                                limits.max_hours
                            )
                    else limits.report_hours
                end
            ) as bigint
        ) as pain_thousandth,
        all_rows.is_open,
        days.week_start,
        all_rows.reported_at
    from all_rows
    cross join limits
    cross join unknown_weights
    left join weights
        on all_rows.severity = weights.severity
    left join days
        on cast(all_rows.reported_at as date) = days.utc_date
        and all_rows.reported_at >= days.start_at
        and all_rows.reported_at < days.end_at
)

select
    report_id,
    source_table,
    source_id,
    report_kind,
    system,
    component,
    category,
    text,
    item_id,
    about_item_id,
    release_id,
    deployment_id,
    exclusion,
    severity,
    score,
    open_seconds,
    pain_thousandth,
    is_open,
    week_start,
    reported_at
from weighed_rows
order by report_id
