-- name: weekly_time_shares__shares_are_a_whole
-- about: The four shares of a week's time add up to 1, and none is negative.
-- grain: one row per week that breaks the claim
-- key: week_start
-- reads: weekly_time_shares
-- columns:
--   week_start  date    Monday of the local week.
--   whole       double  The shares, added up.

with shares as (
    select
        week_start,
        item_count,
        active_ratio,
        waiting_ratio,
        blocked_ratio,
        approval_ratio,
        rework_ratio,
        active_ratio + waiting_ratio + blocked_ratio + approval_ratio as whole
    from weekly_time_shares
),

broken as (
    select
        week_start,
        whole
    from shares
    where
        abs(whole - 1e0) > 1e-6
        or least(active_ratio, waiting_ratio, blocked_ratio, approval_ratio)
        < -1e-9
        or rework_ratio > 1e0 + 1e-9
        or (whole is not null and item_count = 0)
)

select
    week_start,
    whole
from broken
order by week_start
