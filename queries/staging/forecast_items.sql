-- name: forecast_items
-- about: The items by what they are worth, for the order of a queue.
-- grain: one row per item
-- key: item_id
-- reads: items_as_of, items
-- columns:
--   item_id         string   Tracker key.
--   team            string?  Team at the as-of.
--   business_value  double?  Worth, on the project's scale, as exported.
--   value_position  bigint   1 for the item worth most.

-- As in precedence_items, but of all items: an item that is done was open once,
-- and a forecast of that time had it in its queue.

with item_rows as (
    select
        item_id,
        team,
        created_at
    from items_as_of
),

values_stated as (
    select
        item_id,
        business_value
    from items
)

select
    item_rows.item_id,
    item_rows.team,
    values_stated.business_value,
    row_number() over (
        order by
            values_stated.business_value desc nulls last,
            item_rows.created_at asc nulls last,
            item_rows.item_id
    ) as value_position
from item_rows
left join values_stated
    on item_rows.item_id = values_stated.item_id
order by item_id
