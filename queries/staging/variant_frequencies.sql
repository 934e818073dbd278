-- name: variant_frequencies
-- about: What each reading of deployment frequency counts, week by week.
-- grain: one row per variant, period and week or month
-- key: variant, period_kind, period, subject_type, subject_id
-- reads: calendar, local_days, report_periods, feed_periods, variant_periods,
--   deployments_as_of
-- columns:
--   variant       string   plimsoll, dora, devlake or middleware.
--   period_kind   string   weeks or quarter.
--   period        string   Period.
--   subject_type  string   week or month.
--   subject_id    string   Monday of the week, or 2026-06.
--   occurred_on   date     First day of it within the period.
--   value         double   Days or deployments; 1 or 0 for a month.

-- Definition, Success: "deployment frequency (deployment days per week, zero
-- weeks counted, partial edge weeks not)".
-- plimsoll    local days with a completed production deployment, of weeks that
--             lie wholly in the period.
-- dora        dora.dev, 2025: deployments over a given period; completed
--             production deployments of the same weeks.
-- devlake     docs/Metrics/DeploymentFrequency: UTC days with a successful
--             production deployment, edge weeks cut by the period included;
--             months with any such day for its lower classes.
-- middleware  mhq/service/deployments/analytics.py: successful production
--             deployments, edge weeks included.
-- Weeks and quarters in which the feed does not speak are unknown, and in none
-- of these (feed_periods), though the last two tools would count 0.

with days as (
    select
        day,
        week_start,
        month
    from calendar
),

day_lookup as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

known_periods as (
    select
        feed_periods.period_kind,
        feed_periods.period,
        report_periods.start_on,
        report_periods.end_on
    from feed_periods
    inner join report_periods
        on feed_periods.period_kind = report_periods.period_kind
        and feed_periods.period = report_periods.period
    where feed_periods.measure = 'deployment_days'
),

periods as (
    select
        period_kind,
        period
    from variant_periods
),

production_deployments as (
    select
        deployment_id,
        result,
        is_completed,
        finished_at
    from deployments_as_of
    where is_production
),

dated_deployments as (
    select
        production_deployments.deployment_id,
        production_deployments.result = 'success' as is_success,
        production_deployments.is_completed,
        day_lookup.day as local_day,
        cast(production_deployments.finished_at as date) as utc_day
    from production_deployments
    inner join day_lookup
        on cast(production_deployments.finished_at as date)
        = day_lookup.utc_date
        and production_deployments.finished_at >= day_lookup.start_at
        and production_deployments.finished_at < day_lookup.end_at
),

daily_counts as (
    select
        local_day as day,
        count(*) filter (where is_completed) as completed_count,
        count(*) filter (where is_success) as success_count,
        cast(0 as bigint) as utc_success_count
    from dated_deployments
    group by local_day
    union all
    select
        utc_day as day,
        cast(0 as bigint) as completed_count,
        cast(0 as bigint) as success_count,
        count(*) filter (where is_success) as utc_success_count
    from dated_deployments
    group by utc_day
),

known_days as (
    select
        periods.period_kind,
        periods.period,
        days.day,
        days.week_start,
        days.month
    from periods
    inner join known_periods
        on periods.period_kind = known_periods.period_kind || 's'
        or periods.period = known_periods.period
    inner join days
        on days.day >= known_periods.start_on
        and days.day <= known_periods.end_on
),

days_of_periods as (
    select
        known_days.period_kind,
        known_days.period,
        known_days.day,
        known_days.week_start,
        known_days.month,
        cast(coalesce(sum(daily_counts.completed_count), 0) as bigint)
            as completed_count,
        cast(coalesce(sum(daily_counts.success_count), 0) as bigint)
            as success_count,
        cast(coalesce(sum(daily_counts.utc_success_count), 0) as bigint)
            as utc_success_count
    from known_days
    left join daily_counts
        on known_days.day = daily_counts.day
    group by
        known_days.period_kind,
        known_days.period,
        known_days.day,
        known_days.week_start,
        known_days.month
),

weeks as (
    select
        period_kind,
        period,
        week_start,
        min(day) as occurred_on,
        count(*) = 7 as is_whole,
        1e0 * count(*) filter (where completed_count > 0) as completed_days,
        1e0 * sum(completed_count) as completed_count,
        1e0 * sum(success_count) as success_count,
        1e0 * count(*) filter (where utc_success_count > 0) as success_days
    from days_of_periods
    group by period_kind, period, week_start
),

months as (
    select
        period_kind,
        period,
        month,
        min(day) as occurred_on,
        case
            when count(*) filter (where utc_success_count > 0) > 0 then 1e0
            else 0e0
        end as value
    from days_of_periods
    group by period_kind, period, month
),

all_frequencies as (
    select
        'plimsoll' as variant,
        period_kind,
        period,
        'week' as subject_type,
        cast(week_start as string) as subject_id,
        occurred_on,
        completed_days as value
    from weeks
    where is_whole
    union all
    select
        'dora' as variant,
        period_kind,
        period,
        'week' as subject_type,
        cast(week_start as string) as subject_id,
        occurred_on,
        completed_count as value
    from weeks
    where is_whole
    union all
    select
        'devlake' as variant,
        period_kind,
        period,
        'week' as subject_type,
        cast(week_start as string) as subject_id,
        occurred_on,
        success_days as value
    from weeks
    union all
    select
        'devlake' as variant,
        period_kind,
        period,
        'month' as subject_type,
        month as subject_id,
        occurred_on,
        value
    from months
    union all
    select
        'middleware' as variant,
        period_kind,
        period,
        'week' as subject_type,
        cast(week_start as string) as subject_id,
        occurred_on,
        success_count as value
    from weeks
)

select
    variant,
    period_kind,
    period,
    subject_type,
    subject_id,
    occurred_on,
    value
from all_frequencies
order by variant, period_kind, period, subject_type, subject_id
