-- name: item_teams
-- about: The team of each item, period by period, up to the as-of.
-- grain: one row per item and period
-- key: item_id, period_number
-- reads: item_history
-- columns:
--   item_id        string      Tracker key.
--   team           string?     Team; null where it had none.
--   period_number  bigint      1 for the earliest period.
--   started_at     timestamp?  Null when the item's creation is unknown.

select
    item_id,
    value as team,
    period_number,
    started_at
from item_history
where field = 'team'
order by item_id, period_number
