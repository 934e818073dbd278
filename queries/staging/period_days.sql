-- name: period_days
-- about: The local days of each reported week and quarter, to look instants up.
-- grain: one row per UTC date, local day and period
-- key: utc_date, day, period_kind
-- reads: local_days, report_periods
-- columns:
--   utc_date     date       UTC date that the local day overlaps.
--   day          date       Local day.
--   period_kind  string     week or quarter.
--   period       string     For example 2026-W27 or 2026-Q2.
--   start_at     timestamp  Instant the day begins.
--   end_at       timestamp  Instant the next day begins.

-- An instant is looked up as in local_days; it finds one row per kind of
-- period, or none where no reported period holds it.

with days as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

periods as (
    select
        period_kind,
        period,
        start_on,
        end_on
    from report_periods
),

dated_days as (
    select
        days.utc_date,
        days.day,
        periods.period_kind,
        periods.period,
        days.start_at,
        days.end_at
    from days
    inner join periods
        on days.day >= periods.start_on
        and days.day <= periods.end_on
)

select
    utc_date,
    day,
    period_kind,
    period,
    start_at,
    end_at
from dated_days
order by utc_date, day, period_kind
