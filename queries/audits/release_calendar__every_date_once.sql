-- name: release_calendar__every_date_once
-- about: Every date of a release is in the calendar once, and nothing else is.
-- grain: one row per date that breaks the claim
-- key: release_id, event
-- reads: releases_as_of, release_calendar
-- columns:
--   release_id  string  Release.
--   event       string  freeze or ship.

with expected as (
    select release_id, 'ship' as event
    from releases_as_of
    where coalesce(released_at, planned_at) is not null
    union all
    select release_id, 'freeze' as event
    from releases_as_of
    where freeze_at is not null
)

select
    coalesce(expected.release_id, release_calendar.release_id) as release_id,
    coalesce(expected.event, release_calendar.event) as event
from expected
full join release_calendar
    on expected.release_id = release_calendar.release_id
    and expected.event = release_calendar.event
where expected.release_id is null
    or release_calendar.release_id is null
order by release_id, event
