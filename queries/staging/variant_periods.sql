-- name: variant_periods
-- about: The periods for which readings of success stand side by side.
-- grain: one row per period
-- key: period_kind, period
-- reads: report_periods
-- columns:
--   period_kind  string     weeks (all reported weeks as one) or quarter.
--   period       string     2026-W02/2026-W27 or 2026-Q2.
--   start_on     date       First day.
--   end_on       date       Last day.
--   start_at     timestamp  Instant it begins.
--   end_at       timestamp  Instant the next one begins.

-- Those of report_periods, which are whole, the weeks taken together.

with whole_periods as (
    select
        period_kind,
        period,
        start_on,
        end_on,
        start_at,
        end_at
    from report_periods
),

all_weeks as (
    select
        'weeks' as period_kind,
        min_by(period, start_on) || '/' || max_by(period, start_on) as period,
        min(start_on) as start_on,
        max(end_on) as end_on,
        min(start_at) as start_at,
        max(end_at) as end_at
    from whole_periods
    where period_kind = 'week'
    having count(*) > 0
),

all_periods as (
    select period_kind, period, start_on, end_on, start_at, end_at
    from all_weeks
    union all
    select period_kind, period, start_on, end_on, start_at, end_at
    from whole_periods
    where period_kind = 'quarter'
)

select
    period_kind,
    period,
    start_on,
    end_on,
    start_at,
    end_at
from all_periods
order by period_kind, period
