-- name: success_variants
-- about: Success as this product, DORA, DevLake and Middleware read it.
-- grain: one row per measure, variant and period
-- key: measure, variant, period_kind, period
-- reads: variant_periods, success_readings, success_variant_rows
-- columns:
--   measure      string   change_fail_rate, recovery_hours, rework_rate,
--                         deployment_frequency, incidents_per_deployment.
--   variant      string   plimsoll, dora, devlake or middleware.
--   period_kind  string   weeks (all reported weeks as one) or quarter.
--   period       string   2026-W02/2026-W27 or 2026-Q2.
--   start_on     date     First day.
--   value        double?  A rate, hours, or a number per week or deployment.
--   numerator    bigint?  Count above the line; null for hours.
--   denominator  bigint   What the value rests on (n).
--   open_count   bigint   Failures with an incident still open, in no value.
--   bucket       string?  The tool's own class of the value, where it has one.
--   reason       string   How the reading differs from this product's.

-- Aggregates of success_variant_rows and of nothing else. n = 0 gives null.
-- recovery_hours        median; devlake: the lower of two middle ones (rank
--                       at most one half); middleware: mean.
-- deployment_frequency  mean over weeks; devlake: the lower median. Its
--                       classes: a median of 3 days a week or more, of 1 or
--                       more, some day in the median month, or less.

with periods as (
    select
        period_kind,
        period,
        start_on
    from variant_periods
),

row_values as (
    select
        measure,
        variant,
        period_kind,
        period,
        subject_type,
        value,
        is_counted,
        is_open
    from success_variant_rows
),

readings as (
    select
        measure,
        variant,
        reason
    from success_readings
),

sums as (
    select
        measure,
        variant,
        period_kind,
        period,
        count(*) as row_count,
        count(value) as value_count,
        count(*) filter (where is_counted) as counted_count,
        count(*) filter (where is_open) as open_count,
        cast(sum(value) as bigint) as total,
        sum(value) as value_sum,
        percentile_cont(0.5) within group (order by value) as middle,
        percentile_disc(0.5) within group (order by value) as lower_middle
    from row_values
    where subject_type <> 'month'
    group by measure, variant, period_kind, period
),

months as (
    select
        period_kind,
        period,
        percentile_disc(0.5) within group (order by value) as lower_middle
    from row_values
    where subject_type = 'month'
    group by period_kind, period
),

measured as (
    select
        readings.measure,
        readings.variant,
        periods.period_kind,
        periods.period,
        periods.start_on,
        case
            when readings.measure in ('change_fail_rate', 'rework_rate')
                then 1e0 * sums.counted_count / nullif(sums.row_count, 0)
            when readings.variant = 'devlake' then sums.lower_middle
            when
                readings.measure = 'recovery_hours'
                and readings.variant <> 'middleware'
                then sums.middle
            else sums.value_sum / nullif(sums.value_count, 0)
        end as value,
        case
            when readings.measure in ('change_fail_rate', 'rework_rate')
                then sums.counted_count
            when readings.measure <> 'recovery_hours' then sums.total
        end as numerator,
        coalesce(sums.value_count, 0) as denominator,
        coalesce(sums.open_count, 0) as open_count,
        months.lower_middle as month_value,
        readings.reason
    from readings
    cross join periods
    left join sums
        on readings.measure = sums.measure
        and readings.variant = sums.variant
        and periods.period_kind = sums.period_kind
        and periods.period = sums.period
    left join months
        on periods.period_kind = months.period_kind
        and periods.period = months.period
),

classed as (
    select
        measure,
        variant,
        period_kind,
        period,
        start_on,
        value,
        numerator,
        denominator,
        open_count,
        case
            when
                variant <> 'devlake'
                or measure <> 'deployment_frequency'
                or value is null
                then cast(null as string)
            when value >= 3 then 'On-demand'
            when value >= 1 then 'Between once per week and once per month'
            when month_value >= 1
                then 'Between once per month and once every 6 months'
            else 'Fewer than once per six months'
        end as bucket,
        reason
    from measured
)

select
    measure,
    variant,
    period_kind,
    period,
    start_on,
    value,
    numerator,
    denominator,
    open_count,
    bucket,
    reason
from classed
order by measure, variant, period_kind, period
