-- name: variant_recoveries
-- about: What each reading of recovery time takes the middle of.
-- grain: one row per variant, period and failed deployment or incident
-- key: variant, period_kind, period, subject_id
-- reads: variant_periods, measure_rows, success_rate, foreign_attribution,
--   incidents_as_of
-- columns:
--   variant       string      plimsoll, dora, devlake or middleware.
--   period_kind   string      weeks or quarter.
--   period        string      Period.
--   subject_type  string      deployment or incident.
--   subject_id    string      What was recovered from.
--   occurred_at   timestamp   What puts it into the period.
--   value         double?     Hours; null while open, or where nothing says.
--   is_open       boolean     An incident is still open at the as-of.

-- plimsoll    the rows of recovery_hours: failed deployments of the period, end
--             of the deployment to restoration.
-- dora        the same clock, of deployments that needed intervention: their
--             result, a rollback or a hotfix. (dora.dev, 2025: time to recover
--             from a deployment that fails and requires immediate
--             intervention.)
-- devlake     docs/Metrics/FailedDeploymentRecoveryTime: every incident laid
--             to a deployment of the period, end of the deployment to the
--             incident's resolution.
-- middleware  mhq/service/incidents/incidents.py: incidents resolved in the
--             period, opened to resolved, whatever caused them.

with periods as (
    select
        period_kind,
        period,
        start_at,
        end_at
    from variant_periods
),

own_rows as (
    select
        case when period_kind = 'week' then 'weeks' else period_kind end
            as period_kind,
        subject_id,
        occurred_at,
        value,
        is_provisional
    from measure_rows
    where
        measure = 'recovery_hours'
        and period_kind in ('week', 'quarter')
),

failed_deployments as (
    select
        deployment_id,
        finished_at,
        recovery_hours,
        restored_at is null and incident_count > 0 as is_open,
        is_result_failed or is_rolled_back or is_hotfixed as has_intervention
    from success_rate
),

laid_incidents as (
    select
        incident_id,
        finished_at,
        seconds_between(finished_at, resolved_at) / 3600e0 as recovery_hours
    from foreign_attribution
    where tool = 'devlake'
),

resolved_incidents as (
    select
        incident_id,
        resolved_at,
        seconds_between(opened_at, resolved_at) / 3600e0 as recovery_hours
    from incidents_as_of
    where kind = 'incident' and resolved_at is not null
),

all_recoveries as (
    select
        'dora' as variant,
        'deployment' as subject_type,
        deployment_id as subject_id,
        finished_at as occurred_at,
        recovery_hours as value,
        is_open
    from failed_deployments
    where has_intervention
    union all
    select
        'devlake' as variant,
        'incident' as subject_type,
        incident_id as subject_id,
        finished_at as occurred_at,
        recovery_hours as value,
        recovery_hours is null as is_open
    from laid_incidents
    union all
    select
        'middleware' as variant,
        'incident' as subject_type,
        incident_id as subject_id,
        resolved_at as occurred_at,
        recovery_hours as value,
        false as is_open
    from resolved_incidents
),

placed_recoveries as (
    select
        all_recoveries.variant,
        periods.period_kind,
        periods.period,
        all_recoveries.subject_type,
        all_recoveries.subject_id,
        all_recoveries.occurred_at,
        all_recoveries.value,
        all_recoveries.is_open
    from all_recoveries
    inner join periods
        on all_recoveries.occurred_at >= periods.start_at
        and all_recoveries.occurred_at < periods.end_at
    union all
    select
        'plimsoll' as variant,
        periods.period_kind,
        periods.period,
        'deployment' as subject_type,
        own_rows.subject_id,
        own_rows.occurred_at,
        own_rows.value,
        own_rows.is_provisional as is_open
    from own_rows
    inner join periods
        on own_rows.period_kind = periods.period_kind
        and own_rows.occurred_at >= periods.start_at
        and own_rows.occurred_at < periods.end_at
)

select
    variant,
    period_kind,
    period,
    subject_type,
    subject_id,
    occurred_at,
    value,
    is_open
from placed_recoveries
order by variant, period_kind, period, subject_id
