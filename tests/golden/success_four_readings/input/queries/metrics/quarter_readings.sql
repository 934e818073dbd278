-- name: quarter_readings
-- about: The readings of one quarter.
-- grain: one row per measure and variant
-- key: measure, variant
-- reads: success_variants
-- columns:
--   measure      string   Measure.
--   variant      string   Variant.
--   value        double?  Value.
--   numerator    bigint?  Above the line.
--   denominator  bigint   n.
--   open_count   bigint   Not recovered from.
--   bucket       string?  The tool's class.

with readings as (
    select
        measure,
        variant,
        value,
        numerator,
        denominator,
        open_count,
        bucket
    from success_variants
    where period = '2026-Q2'
)

select
    measure,
    variant,
    value,
    numerator,
    denominator,
    open_count,
    bucket
from readings
order by measure, variant
