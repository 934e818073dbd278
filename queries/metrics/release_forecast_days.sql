-- name: release_forecast_days
-- about: How many trials of a release's forecast end on each day.
-- grain: one row per open release with a forecast and day of its trials
-- key: release_id, day_number
-- reads: forecast_run_days
-- columns:
--   release_id   string  Release.
--   day_number   bigint  1 for the day of the forecast.
--   trial_count  bigint  Trials that end on it.
--   ends_on      date?   The day; null for what the horizon cuts off.

select
    release_id,
    day_number,
    trial_count,
    ends_on
from forecast_run_days
order by release_id, day_number
