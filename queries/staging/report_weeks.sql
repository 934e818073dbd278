-- name: report_weeks
-- about: The complete local weeks that weekly series show.
-- grain: one row per week
-- key: week_start
-- reads: params, calendar
-- columns:
--   week_start  date       Monday.
--   iso_week    string     For example 2026-W27.
--   start_at    timestamp  Instant the week begins.
--   end_at      timestamp  Instant the next week begins.
--   is_partial  boolean    The as-of cuts it short.

-- metrics.md, Days and weeks: ISO weeks in the project's time zone. The last
-- params.week_count weeks up to params.week_start, the last complete one.

with settings as (
    select
        as_of,
        week_start,
        week_count
    from params
),

days as (
    select
        week_start,
        iso_week,
        start_at,
        end_at
    from calendar
),

weeks as (
    select
        days.week_start,
        days.iso_week,
        min(days.start_at) as start_at,
        max(days.end_at) as end_at,
        max(days.end_at) > max(settings.as_of) as is_partial
    from days
    inner join settings
        on days.week_start <= settings.week_start
        and days.week_start
        > settings.week_start - cast(7 * settings.week_count as int)
    group by days.week_start, days.iso_week
)

select
    week_start,
    iso_week,
    start_at,
    end_at,
    is_partial
from weeks
order by week_start
