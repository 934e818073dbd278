-- name: swimlane_items__bars_run_forward
-- about: Every item in work has a bar that runs forward, or says why not.
-- grain: one row per item whose bar does not
-- key: item_id
-- reads: swimlane_items
-- columns:
--   item_id  string  The item.

with bars as (
    select
        item_id,
        started_at,
        ends_at,
        exclusion,
        pick_position
    from swimlane_items
)

select item_id
from bars
where
    (exclusion is null and (ends_at is null or ends_at < started_at))
    or (exclusion is null) <> (pick_position is not null)
order by item_id
