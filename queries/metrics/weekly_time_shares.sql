-- name: weekly_time_shares
-- about: Where the time of the items delivered each week went.
-- grain: one row per report week
-- key: week_start
-- reads: report_weeks, cycle_time_parts
-- columns:
--   week_start      date     Monday of the local week.
--   iso_week        string   For example 2026-W27.
--   item_count      bigint   Items delivered that week (n).
--   elapsed_days    double?  Their days from commitment to delivery, added up.
--   active_ratio    double?  Share of these days in active stages.
--   waiting_ratio   double?  Share waiting in no one's hands.
--   blocked_ratio   double?  Share blocked, or waiting on a dependency.
--   approval_ratio  double?  Share waiting for an approval.
--   rework_ratio    double?  Of all: share since the first step back.

-- Definition, Cycle time. The first four shares are of the parts of
-- cycle_time_parts and add up to 1; a slow item weighs as much as its days.
-- Nothing delivered, or all at the instant of its commitment: null.

with weeks as (
    select
        week_start,
        iso_week
    from report_weeks
),

parts as (
    select
        delivered_week_start as week_start,
        elapsed_days,
        active_days,
        waiting_days,
        blocked_days,
        approval_days,
        rework_days
    from cycle_time_parts
    where is_delivered
),

week_sums as (
    select
        weeks.week_start,
        weeks.iso_week,
        count(parts.week_start) as item_count,
        sum(parts.elapsed_days) as elapsed_days,
        sum(parts.active_days) as active_days,
        sum(parts.waiting_days) as waiting_days,
        sum(parts.blocked_days) as blocked_days,
        sum(parts.approval_days) as approval_days,
        sum(parts.rework_days) as rework_days
    from weeks
    left join parts
        on weeks.week_start = parts.week_start
    group by weeks.week_start, weeks.iso_week
)

select
    week_start,
    iso_week,
    item_count,
    elapsed_days,
    active_days / nullif(elapsed_days, 0) as active_ratio,
    waiting_days / nullif(elapsed_days, 0) as waiting_ratio,
    blocked_days / nullif(elapsed_days, 0) as blocked_ratio,
    approval_days / nullif(elapsed_days, 0) as approval_ratio,
    rework_days / nullif(elapsed_days, 0) as rework_ratio
from week_sums
order by week_start
