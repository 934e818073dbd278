-- name: forecast_history__percentiles_rise
-- about: No percentile is due before a lower one, nor before its forecast.
-- grain: one row per forecast that breaks the claim
-- key: release_id, made_on, is_present
-- reads: forecast_history
-- columns:
--   release_id  string   Release.
--   made_on     date     Day of the forecast.
--   is_present  boolean  Made at the as-of.

select
    release_id,
    made_on,
    is_present
from forecast_history
where
    p50_on < made_on
    or p85_on < p50_on
    or p95_on < p85_on
    or (p50_on is null and p85_on is not null)
    or (p85_on is null and p95_on is not null)
    or (state <> 'forecast' and p50_on is not null)
order by release_id, made_on, is_present
