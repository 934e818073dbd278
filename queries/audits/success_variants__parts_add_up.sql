-- name: success_variants__parts_add_up
-- about: A rate is a share of its rows, and every reading is there once.
-- grain: one row per measure, variant and period that breaks the claim
-- key: measure, variant, period_kind, period
-- reads: success_variants, success_variant_rows
-- columns:
--   measure      string  Measure.
--   variant      string  Variant.
--   period_kind  string  weeks or quarter.
--   period       string  Period.

with readings as (
    select
        measure,
        variant,
        period_kind,
        period,
        value,
        numerator,
        denominator,
        open_count
    from success_variants
),

row_counts as (
    select
        measure,
        variant,
        period_kind,
        period,
        count(value) + count(*) filter (where is_open) as row_count
    from success_variant_rows
    where subject_type <> 'month'
    group by measure, variant, period_kind, period
),

compared as (
    select
        row_counts.measure,
        row_counts.variant,
        row_counts.period_kind,
        row_counts.period,
        row_counts.row_count,
        readings.denominator + readings.open_count as shown_count
    from row_counts
    left join readings
        on row_counts.measure = readings.measure
        and row_counts.variant = readings.variant
        and row_counts.period_kind = readings.period_kind
        and row_counts.period = readings.period
),

broken as (
    select measure, variant, period_kind, period
    from compared
    where shown_count is null or shown_count <> row_count
    union all
    select measure, variant, period_kind, period
    from readings
    where
        (denominator = 0 and value is not null)
        or (denominator > 0 and value is null)
        or (
            measure in ('change_fail_rate', 'rework_rate')
            and (numerator > denominator or value < 0 or value > 1)
        )
)

select
    measure,
    variant,
    period_kind,
    period
from broken
order by measure, variant, period_kind, period
