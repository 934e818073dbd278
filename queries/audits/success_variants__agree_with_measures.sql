-- name: success_variants__agree_with_measures
-- about: Our own reading is the quarter's measure, to the last row.
-- grain: one row per measure and quarter that breaks the claim
-- key: measure, quarter
-- reads: quarterly_measures, success_variants
-- columns:
--   measure  string  The measure of quarterly_measures.
--   quarter  string  Quarter.

with measures as (
    select
        measure,
        quarter,
        value,
        denominator
    from quarterly_measures
    where
        measure in (
            'success_rate', 'rework_rate', 'recovery_hours', 'deployment_days'
        )
),

readings as (
    select
        case
            when measure = 'change_fail_rate' then 'success_rate'
            when measure = 'deployment_frequency' then 'deployment_days'
            else measure
        end as measure,
        period as quarter,
        case
            when measure = 'change_fail_rate' then 1e0 - value
            else value
        end as value,
        denominator
    from success_variants
    where variant = 'plimsoll' and period_kind = 'quarter'
),

broken as (
    select
        measures.measure,
        measures.quarter
    from measures
    left join readings
        on measures.measure = readings.measure
        and measures.quarter = readings.quarter
    where
        (measures.value is null) <> (readings.value is null)
        or abs(measures.value - readings.value) > 1e-9
        or (
            measures.value is not null
            and measures.denominator <> readings.denominator
        )
)

select
    measure,
    quarter
from broken
order by measure, quarter
