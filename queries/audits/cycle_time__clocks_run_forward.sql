-- name: cycle_time__clocks_run_forward
-- about: No clock is negative and none but working days passes elapsed time.
-- grain: one row per item that breaks the claim
-- key: item_id
-- reads: cycle_time
-- columns:
--   item_id       string   Tracker key.
--   elapsed_days  double?  Elapsed time.

-- Eight hours of work are a whole working day and a third of an elapsed day,
-- so working days may pass elapsed days; they must not be negative.
-- The hair allows for the last bits of sums of doubles.

with clocks as (
    select
        item_id,
        elapsed_days,
        working_days,
        active_days,
        blocked_days,
        approval_days,
        rework_days,
        elapsed_days + 1e-6 as limit_days
    from cycle_time
    where exclusion is null
),

broken as (
    select
        item_id,
        elapsed_days
    from clocks
    where
        least(
            elapsed_days,
            coalesce(working_days, 0e0),
            active_days,
            blocked_days,
            approval_days,
            rework_days
        ) < -1e-6
        or active_days + blocked_days > limit_days
        or approval_days > limit_days
        or rework_days > limit_days
)

select
    item_id,
    elapsed_days
from broken
order by item_id
