-- name: quarterly_measures
-- about: The headline measures, quarter by quarter.
-- grain: one row per measure and quarter
-- key: measure, quarter
-- reads: report_periods, period_measures
-- columns:
--   measure            string   The measure; measure_rows lists them.
--   quarter            string   For example 2026-Q2.
--   start_on           date     First local day.
--   value              double?  The measure; null where nothing can be said.
--   numerator          bigint?  Count above the line; null for a quantile.
--   denominator        bigint   What the value rests on (n).
--   is_partial         boolean  The as-of cuts the quarter short.
--   provisional_count  bigint   Rows that may still turn out otherwise.

-- The figures are those of period_measures, the rows behind them those of
-- measure_rows. report_periods has whole quarters alone, so none is partial.

with quarters as (
    select
        period,
        start_on
    from report_periods
    where period_kind = 'quarter'
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
    where period_kind = 'quarter'
),

dated_measures as (
    select
        measures.measure,
        quarters.period as quarter,
        quarters.start_on,
        measures.value,
        measures.numerator,
        measures.denominator,
        false as is_partial,
        measures.provisional_count
    from measures
    inner join quarters
        on measures.period = quarters.period
)

select
    measure,
    quarter,
    start_on,
    value,
    numerator,
    denominator,
    is_partial,
    provisional_count
from dated_measures
order by measure, quarter
