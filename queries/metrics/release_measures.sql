-- name: release_measures
-- about: The headline measures of each release.
-- grain: one row per measure and release
-- key: measure, release_id
-- reads: period_measures
-- columns:
--   measure            string   The measure; measure_rows lists them.
--   release_id         string   Release.
--   value              double?  The measure; null where nothing can be said.
--   numerator          bigint?  Count above the line; null for a quantile.
--   denominator        bigint   What the value rests on (n).
--   provisional_count  bigint   Rows that may still turn out otherwise.

-- The figures are those of period_measures, the rows behind them those of
-- measure_rows: deployments and runs of the release, items that it has now,
-- changes of its scope. A measure without rows has none here.

with measures as (
    select
        measure,
        period as release_id,
        value,
        numerator,
        denominator,
        provisional_count
    from period_measures
    where period_kind = 'release'
)

select
    measure,
    release_id,
    value,
    numerator,
    denominator,
    provisional_count
from measures
order by measure, release_id
