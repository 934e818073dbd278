-- name: variant_failures
-- about: Which deployments each reading counts, and as failed or as rework.
-- grain: one row per measure, variant, period and deployment
-- key: measure, variant, period_kind, period, deployment_id
-- reads: table_feeds, variant_periods, measure_rows, deployments_as_of,
--   success_rate, foreign_attribution, incident_answers
-- columns:
--   measure        string     change_fail_rate, rework_rate or
--                             incidents_per_deployment.
--   variant        string     plimsoll, dora, devlake or middleware.
--   period_kind    string     weeks or quarter.
--   period         string     Period.
--   deployment_id  string     Deployment of the period.
--   finished_at    timestamp  End.
--   value          double     Its incidents; 1 or 0 for a rate.
--   is_counted     boolean    Above the line.

-- change_fail_rate
--   plimsoll    what success_rate leaves over, of the same rows.
--   dora        dora.dev, 2025: deployments that require immediate
--               intervention, likely a rollback or a hotfix. Read as: result
--               not success, rolled back or hotfixed. An incident without
--               either is none, and no incident feed is needed.
--   devlake     docs/Metrics/CFR: successful deployments with an incident laid
--               to them / successful deployments.
--   middleware  mhq/service/incidents/incidents.py: deployments of every
--               result, failed where an incident opened in the same period.
--   The last two say "n/a" where no incidents are fed.
-- rework_rate
--   plimsoll    answers an incident or a deployment; the rows of rework_rate.
--   dora        dora.dev, 2025: unplanned, as a result of an incident: read as
--               answers an incident (incident_answers), of the same deployments.
-- incidents_per_deployment  plimsoll alone: incidents within the window.

with feeds as (
    select table_name
    from table_feeds
    where table_name = 'incidents' and is_fed
),

periods as (
    select
        period_kind,
        period,
        start_at,
        end_at
    from variant_periods
),

production_deployments as (
    select
        deployment_id,
        result,
        finished_at
    from deployments_as_of
    where is_production
),

judged_deployments as (
    select
        deployment_id,
        finished_at,
        incident_count,
        has_incident_feed,
        is_result_failed or is_rolled_back or is_hotfixed as has_intervention
    from success_rate
),

laid_incidents as (
    select
        tool,
        deployment_id,
        opened_at
    from foreign_attribution
),

answers as (
    select deployment_id
    from incident_answers
),

own_rows as (
    select
        measure,
        case when period_kind = 'week' then 'weeks' else period_kind end
            as period_kind,
        subject_id as deployment_id,
        occurred_at as finished_at,
        case when measure = 'success_rate' then not is_counted else is_counted
        end as is_counted
    from measure_rows
    where
        measure in ('success_rate', 'rework_rate')
        and period_kind in ('week', 'quarter')
),

devlake_failures as (
    select distinct deployment_id
    from laid_incidents
    where tool = 'devlake'
),

-- Middleware looks at no incident from outside of the period.
middleware_failures as (
    select distinct
        periods.period_kind,
        periods.period,
        laid_incidents.deployment_id
    from laid_incidents
    inner join periods
        on laid_incidents.opened_at >= periods.start_at
        and laid_incidents.opened_at < periods.end_at
    where laid_incidents.tool = 'middleware'
),

-- The readings whose verdict does not hang on the period.
verdicts as (
    select
        'change_fail_rate' as measure,
        'dora' as variant,
        deployment_id,
        finished_at,
        case when has_intervention then 1e0 else 0e0 end as value,
        has_intervention as is_counted
    from judged_deployments
    union all
    select
        'change_fail_rate' as measure,
        'devlake' as variant,
        production_deployments.deployment_id,
        production_deployments.finished_at,
        case
            when devlake_failures.deployment_id is not null then 1e0 else 0e0
        end as value,
        devlake_failures.deployment_id is not null as is_counted
    from production_deployments
    cross join feeds
    left join devlake_failures
        on production_deployments.deployment_id
        = devlake_failures.deployment_id
    where production_deployments.result = 'success'
    union all
    select
        'rework_rate' as measure,
        'dora' as variant,
        judged_deployments.deployment_id,
        judged_deployments.finished_at,
        case when answers.deployment_id is not null then 1e0 else 0e0 end
            as value,
        answers.deployment_id is not null as is_counted
    from judged_deployments
    left join answers
        on judged_deployments.deployment_id = answers.deployment_id
    where judged_deployments.has_incident_feed
    union all
    select
        'incidents_per_deployment' as measure,
        'plimsoll' as variant,
        deployment_id,
        finished_at,
        1e0 * incident_count as value,
        incident_count > 0 as is_counted
    from judged_deployments
    where has_incident_feed
),

placed_verdicts as (
    select
        verdicts.measure,
        verdicts.variant,
        periods.period_kind,
        periods.period,
        verdicts.deployment_id,
        verdicts.finished_at,
        verdicts.value,
        verdicts.is_counted
    from verdicts
    inner join periods
        on verdicts.finished_at >= periods.start_at
        and verdicts.finished_at < periods.end_at
),

middleware_verdicts as (
    select
        'change_fail_rate' as measure,
        'middleware' as variant,
        periods.period_kind,
        periods.period,
        production_deployments.deployment_id,
        production_deployments.finished_at,
        case
            when middleware_failures.deployment_id is not null
                then 1e0
            else 0e0
        end as value,
        middleware_failures.deployment_id is not null as is_counted
    from production_deployments
    cross join feeds
    inner join periods
        on production_deployments.finished_at >= periods.start_at
        and production_deployments.finished_at < periods.end_at
    left join middleware_failures
        on production_deployments.deployment_id
        = middleware_failures.deployment_id
        and periods.period_kind = middleware_failures.period_kind
        and periods.period = middleware_failures.period
),

own_verdicts as (
    select
        case
            when own_rows.measure = 'success_rate' then 'change_fail_rate'
            else own_rows.measure
        end as measure,
        'plimsoll' as variant,
        periods.period_kind,
        periods.period,
        own_rows.deployment_id,
        own_rows.finished_at,
        case when own_rows.is_counted then 1e0 else 0e0 end as value,
        own_rows.is_counted
    from own_rows
    inner join periods
        on own_rows.period_kind = periods.period_kind
        and own_rows.finished_at >= periods.start_at
        and own_rows.finished_at < periods.end_at
),

all_verdicts as (
    select
        measure, variant, period_kind, period, deployment_id, finished_at,
        value, is_counted
    from own_verdicts
    union all
    select
        measure, variant, period_kind, period, deployment_id, finished_at,
        value, is_counted
    from placed_verdicts
    union all
    select
        measure, variant, period_kind, period, deployment_id, finished_at,
        value, is_counted
    from middleware_verdicts
)

select
    measure,
    variant,
    period_kind,
    period,
    deployment_id,
    finished_at,
    value,
    is_counted
from all_verdicts
order by measure, variant, period_kind, period, deployment_id
