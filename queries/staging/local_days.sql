-- name: local_days
-- about: The local days that overlap each UTC date, to look instants up by.
-- grain: one row per UTC date and local day
-- key: utc_date, day
-- reads: calendar
-- columns:
--   utc_date                date       UTC date that the local day overlaps.
--   day                     date       Local day.
--   week_start              date       Monday of its ISO week.
--   working_seconds_before  bigint     Working seconds before it begins.
--   is_working_day          boolean    It is one.
--   start_at                timestamp  Instant it begins.
--   end_at                  timestamp  Instant the next day begins.
--   work_start_at           timestamp  Instant work begins.
--   work_end_at             timestamp  Instant work ends.

-- An instant t lies on the local day with
--     cast(t as date) = utc_date and t >= start_at and t < end_at
-- The equality lets engines hash instead of comparing every pair. A day of 25
-- hours can overlap three dates, so the one after its first is taken too.

with days as (
    select
        day,
        week_start,
        working_seconds_before,
        is_working_day,
        start_at,
        end_at,
        work_start_at,
        work_end_at
    from calendar
),

overlapped_dates as (
    select day, cast(start_at as date) as utc_date
    from days
    union
    select day, cast(start_at as date) + 1 as utc_date
    from days
    union
    select day, cast(end_at as date) as utc_date
    from days
),

dated_days as (
    select
        overlapped_dates.utc_date,
        days.day,
        days.week_start,
        days.working_seconds_before,
        days.is_working_day,
        days.start_at,
        days.end_at,
        days.work_start_at,
        days.work_end_at
    from overlapped_dates
    inner join days
        on overlapped_dates.day = days.day
)

select
    utc_date,
    day,
    week_start,
    working_seconds_before,
    is_working_day,
    start_at,
    end_at,
    work_start_at,
    work_end_at
from dated_days
order by utc_date, day
