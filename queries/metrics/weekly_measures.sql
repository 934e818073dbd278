-- name: weekly_measures
-- about: The headline measures, week by week.
-- grain: one row per measure and week
-- key: measure, week_start
-- reads: report_weeks, period_measures
-- columns:
--   measure            string   The measure; measure_rows lists them.
--   week_start         date     Monday of the local week.
--   iso_week           string   For example 2026-W27.
--   value              double?  The measure; null where nothing can be said.
--   numerator          bigint?  Count above the line; null for a quantile.
--   denominator        bigint   What the value rests on (n).
--   is_partial         boolean  The as-of cuts the week short.
--   provisional_count  bigint   Rows that may still turn out otherwise.

-- The figures are those of period_measures, the rows behind them those of
-- measure_rows. report_weeks has whole weeks alone, so none is partial.

with weeks as (
    select
        week_start,
        iso_week
    from report_weeks
),

measures as (
    select
        measure,
        period,
        value,
        numerator,
        denominator,
        provisional_count
    from period_measures
    where period_kind = 'week'
),

dated_measures as (
    select
        measures.measure,
        weeks.week_start,
        weeks.iso_week,
        measures.value,
        measures.numerator,
        measures.denominator,
        false as is_partial,
        measures.provisional_count
    from measures
    inner join weeks
        on measures.period = weeks.iso_week
)

select
    measure,
    week_start,
    iso_week,
    value,
    numerator,
    denominator,
    is_partial,
    provisional_count
from dated_measures
order by measure, week_start
