-- name: release_forecasts__every_open_release_once
-- about: Every open release has a forecast, or says why it has none.
-- grain: one row per release that breaks the claim
-- key: release_id
-- reads: releases_as_of, release_forecasts
-- columns:
--   release_id  string  Release.

with open_releases as (
    select release_id
    from releases_as_of
    where
        released_at is null
        and status is distinct from 'released'
        and status is distinct from 'cancelled'
),

forecasts as (
    select
        release_id,
        state,
        state_words,
        remaining_count
    from release_forecasts
),

broken as (
    select coalesce(
        open_releases.release_id, forecasts.release_id
    ) as release_id
    from open_releases
    full join forecasts
        on open_releases.release_id = forecasts.release_id
    where
        open_releases.release_id is null
        or forecasts.release_id is null
        or (forecasts.state <> 'forecast' and forecasts.state_words is null)
        or (forecasts.state = 'forecast' and forecasts.remaining_count = 0)
)

select release_id
from broken
order by release_id
