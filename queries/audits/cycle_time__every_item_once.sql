-- name: cycle_time__every_item_once
-- about: Cycle time speaks of exactly the items known at the as-of.
-- grain: one row per item missing on either side
-- key: item_id
-- reads: cycle_time, items_as_of
-- columns:
--   item_id  string  Tracker key.

with timed as (
    select item_id
    from cycle_time
),

known as (
    select item_id
    from items_as_of
),

strangers as (
    select coalesce(timed.item_id, known.item_id) as item_id
    from timed
    full join known
        on timed.item_id = known.item_id
    where timed.item_id is null or known.item_id is null
)

select item_id
from strangers
order by item_id
