-- name: report_weeks
-- about: The complete local weeks that weekly series show.
-- grain: one row per week
-- key: week_start
-- reads: report_periods
-- columns:
--   week_start  date       Monday.
--   iso_week    string     For example 2026-W27.
--   start_at    timestamp  Instant the week begins.
--   end_at      timestamp  Instant the next week begins.

with weeks as (
    select
        start_on as week_start,
        period as iso_week,
        start_at,
        end_at
    from report_periods
    where period_kind = 'week'
)

select
    week_start,
    iso_week,
    start_at,
    end_at
from weeks
order by week_start
