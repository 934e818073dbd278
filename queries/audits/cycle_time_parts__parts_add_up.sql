-- name: cycle_time_parts__parts_add_up
-- about: The parts of an item's time are its elapsed time, and keep its clocks.
-- grain: one row per item that breaks the claim
-- key: item_id
-- reads: cycle_time, cycle_time_parts
-- columns:
--   item_id       string  Tracker key.
--   elapsed_days  double  Elapsed.
--   part_days     double  Its parts, added up.

with clocks as (
    select
        item_id,
        active_days,
        blocked_days,
        approval_days
    from cycle_time
),

parts as (
    select
        item_id,
        elapsed_days,
        blocked_days,
        approval_days,
        active_days,
        waiting_days,
        rework_days,
        blocked_days + approval_days + active_days + waiting_days as part_days
    from cycle_time_parts
),

broken as (
    select
        parts.item_id,
        parts.elapsed_days,
        parts.part_days
    from parts
    inner join clocks
        on parts.item_id = clocks.item_id
    where
        abs(parts.part_days - parts.elapsed_days) > 1e-6
        or abs(parts.blocked_days - clocks.blocked_days) > 1e-6
        or parts.approval_days > clocks.approval_days + 1e-6
        or parts.active_days > clocks.active_days + 1e-6
        or parts.waiting_days < -1e-6
        or parts.rework_days > parts.elapsed_days + 1e-6
)

select
    item_id,
    elapsed_days,
    part_days
from broken
order by item_id
