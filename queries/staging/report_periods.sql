-- name: report_periods
-- about: The complete local weeks and quarters that reports show.
-- grain: one row per week or quarter
-- key: period_kind, period
-- reads: params, calendar
-- columns:
--   period_kind  string     week or quarter.
--   period       string     For example 2026-W27 or 2026-Q2.
--   start_on     date       First local day.
--   end_on       date       Last local day.
--   start_at     timestamp  Instant the period begins.
--   end_at       timestamp  Instant the next one begins.

-- Definition, Days and weeks: ISO weeks in the project's time zone; "a period
-- that the as-of cuts short is ... never compared as if whole", so only those
-- that had ended by the as-of are here: the last params.week_count weeks and
-- the last params.quarter_count quarters.

with settings as (
    select
        as_of,
        week_start,
        week_count,
        quarter_count
    from params
),

days as (
    select
        day,
        start_at,
        end_at,
        week_start,
        iso_week,
        quarter
    from calendar
),

weeks as (
    select
        'week' as period_kind,
        days.iso_week as period,
        min(days.day) as start_on,
        max(days.day) as end_on,
        min(days.start_at) as start_at,
        max(days.end_at) as end_at
    from days
    inner join settings
        on days.week_start <= settings.week_start
        and days.week_start
        > settings.week_start - cast(7 * settings.week_count as int)
    group by days.iso_week
),

-- A quarter of which the calendar lacks the first day is not whole.
whole_quarters as (
    select
        'quarter' as period_kind,
        days.quarter as period,
        min(days.day) as start_on,
        max(days.day) as end_on,
        min(days.start_at) as start_at,
        max(days.end_at) as end_at
    from days
    cross join settings
    group by days.quarter
    having
        max(days.end_at) <= max(settings.as_of)
        and extract(day from min(days.day)) = 1
        and extract(month from min(days.day)) in (1, 4, 7, 10)
),

quarters as (
    select
        period_kind,
        period,
        start_on,
        end_on,
        start_at,
        end_at
    from whole_quarters
    cross join settings
    qualify row_number() over (order by start_on desc) <= quarter_count
),

periods as (
    select period_kind, period, start_on, end_on, start_at, end_at
    from weeks
    union all
    select period_kind, period, start_on, end_on, start_at, end_at
    from quarters
)

select
    period_kind,
    period,
    start_on,
    end_on,
    start_at,
    end_at
from periods
order by period_kind, period
