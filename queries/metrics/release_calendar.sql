-- name: release_calendar
-- about: The dates of every release: its scope freeze, and its shipping.
-- grain: one row per release and event
-- key: release_id, event
-- reads: params, local_days, releases_as_of
-- columns:
--   release_id    string      Release.
--   event         string      freeze or ship.
--   release_name  string      Its present name.
--   version       string?     Version.
--   system        string?     System.
--   summary       string?     What it is about.
--   state         string      done, coming, late or cancelled.
--   is_public     boolean     It may be shown outside.
--   happens_at    timestamp   When it happened, or is planned to.
--   happens_on    date?       Its local day; null beyond the calendar.
--   planned_at    timestamp?  When shipping was planned for; null for a freeze.

-- coverage.md 8.2. A release ships when it is released, else when it is planned to.
-- An event whose instant has come is done, a freeze too, as it is nothing but that
-- instant; shipping is done only when the release is out, and late where its planned
-- date has passed without. An event without an instant has no row. That a release may
-- be shown outside has to be said: unknown is no.

with instant as (
    select as_of
    from params
),

days as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

known_releases as (
    select
        release_id,
        release_name,
        version,
        system,
        summary,
        status,
        is_public,
        planned_at,
        freeze_at,
        released_at
    from releases_as_of
),

events as (
    select
        release_id,
        'freeze' as event,
        freeze_at as happens_at,
        cast(null as timestamp) as planned_at,
        cast(null as timestamp) as released_at
    from known_releases
    union all
    select
        release_id,
        'ship' as event,
        coalesce(released_at, planned_at) as happens_at,
        planned_at,
        released_at
    from known_releases
),

dated_events as (
    select
        events.release_id,
        events.event,
        known_releases.release_name,
        known_releases.version,
        known_releases.system,
        known_releases.summary,
        case
            when events.released_at is not null then 'done'
            when known_releases.status = 'cancelled' then 'cancelled'
            when events.happens_at > instant.as_of then 'coming'
            when events.event = 'freeze' then 'done'
            else 'late'
        end as state,
        coalesce(known_releases.is_public, false) as is_public,
        events.happens_at,
        days.day as happens_on,
        events.planned_at
    from events
    inner join known_releases on events.release_id = known_releases.release_id
    cross join instant
    left join days
        on cast(events.happens_at as date) = days.utc_date
        and events.happens_at >= days.start_at
        and events.happens_at < days.end_at
    where events.happens_at is not null
)

select
    release_id,
    event,
    release_name,
    version,
    system,
    summary,
    state,
    is_public,
    happens_at,
    happens_on,
    planned_at
from dated_events
order by release_id, event
