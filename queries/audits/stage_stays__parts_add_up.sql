-- name: stage_stays__parts_add_up
-- about: Parts of a stay make the stay; active stays make the active clock.
-- grain: one row per item that breaks the claim
-- key: item_id
-- reads: stage_stays, cycle_time
-- columns:
--   item_id  string  Tracker key.

-- The stays of an item and cycle_time.active_days are computed apart. Where
-- the beginning of a stay is unknown, cycle_time may still know that of a
-- status within it: then the stays have no more than the clock.

with stays as (
    select
        item_id,
        entered_at,
        ended_at,
        days,
        blocked_days,
        cycle_days,
        cycle_active_days,
        cycle_waiting_days,
        cycle_blocked_days,
        exclusion
    from stage_stays
),

clocks as (
    select
        item_id,
        elapsed_days,
        active_days
    from cycle_time
    where exclusion is null
),

stay_sums as (
    select
        item_id,
        sum(cycle_days) as cycle_days,
        sum(cycle_active_days) as cycle_active_days,
        count(*) filter (
            where exclusion = 'entry_unknown'
        ) as unknown_count
    from stays
    group by item_id
),

broken_stays as (
    select item_id
    from stays
    where
        ended_at < entered_at
        or blocked_days > days + 1e-6
        or cycle_days > days + 1e-6
        or cycle_days < 0
        or cycle_active_days < -1e-6
        or cycle_waiting_days < -1e-6
        or (entered_at is null and cycle_days is not null)
        or abs(
            cycle_active_days + cycle_waiting_days + cycle_blocked_days
            - cycle_days
        ) > 1e-6
),

broken_sums as (
    select stay_sums.item_id
    from stay_sums
    inner join clocks
        on stay_sums.item_id = clocks.item_id
    where
        stay_sums.cycle_days > clocks.elapsed_days + 1e-6
        or coalesce(stay_sums.cycle_active_days, 0e0)
        > clocks.active_days + 1e-6
        or (
            stay_sums.unknown_count = 0
            and coalesce(stay_sums.cycle_active_days, 0e0)
            < clocks.active_days - 1e-6
        )
),

broken as (
    select item_id from broken_stays
    union
    select item_id from broken_sums
)

select item_id
from broken
order by item_id
