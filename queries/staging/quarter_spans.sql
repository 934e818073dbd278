-- name: quarter_spans
-- about: The local quarters that the calendar reaches, cut short or not.
-- grain: one row per quarter
-- key: quarter
-- reads: params, calendar
-- columns:
--   quarter     string     2026-Q2.
--   start_at    timestamp  Instant of its first day in the calendar.
--   end_at      timestamp  Instant its last day in the calendar ends.
--   is_partial  boolean    The as-of cuts the quarter short.

with instant as (
    select as_of
    from params
),

days as (
    select
        quarter,
        start_at,
        end_at
    from calendar
)

select
    days.quarter,
    min(days.start_at) as start_at,
    max(days.end_at) as end_at,
    max(days.end_at) > max(instant.as_of) as is_partial
from days
cross join instant
group by days.quarter
order by quarter
