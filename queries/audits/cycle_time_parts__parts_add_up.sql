-- name: cycle_time_parts__parts_add_up
-- about: The parts of an item's time are its elapsed time, and keep its clocks.
-- grain: one row per item and claim that breaks
-- key: item_id, claim
-- reads: cycle_time, cycle_time_parts
-- columns:
--   item_id        string  Tracker key.
--   claim          string  What does not hold.
--   found_days     double  The part, or the parts added up.
--   expected_days  double  What it should be, or be at most or at least.

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
        'blocked, approval, active and waiting are elapsed' as claim,
        parts.part_days as found_days,
        parts.elapsed_days as expected_days
    from parts
    inner join clocks
        on parts.item_id = clocks.item_id
    where abs(parts.part_days - parts.elapsed_days) > 1e-6
    union all
    select
        parts.item_id,
        'blocked is the blocked clock' as claim,
        parts.blocked_days as found_days,
        clocks.blocked_days as expected_days
    from parts
    inner join clocks
        on parts.item_id = clocks.item_id
    where abs(parts.blocked_days - clocks.blocked_days) > 1e-6
    union all
    select
        parts.item_id,
        'approval is at most the approval clock' as claim,
        parts.approval_days as found_days,
        clocks.approval_days as expected_days
    from parts
    inner join clocks
        on parts.item_id = clocks.item_id
    where parts.approval_days > clocks.approval_days + 1e-6
    union all
    select
        parts.item_id,
        'active is at most the active clock' as claim,
        parts.active_days as found_days,
        clocks.active_days as expected_days
    from parts
    inner join clocks
        on parts.item_id = clocks.item_id
    where parts.active_days > clocks.active_days + 1e-6
    union all
    select
        parts.item_id,
        'waiting is at least zero' as claim,
        parts.waiting_days as found_days,
        cast(0 as double) as expected_days
    from parts
    inner join clocks
        on parts.item_id = clocks.item_id
    where parts.waiting_days < -1e-6
    union all
    select
        parts.item_id,
        'rework is at most elapsed' as claim,
        parts.rework_days as found_days,
        parts.elapsed_days as expected_days
    from parts
    inner join clocks
        on parts.item_id = clocks.item_id
    where parts.rework_days > parts.elapsed_days + 1e-6
)

select
    item_id,
    claim,
    found_days,
    expected_days
from broken
order by item_id, claim
