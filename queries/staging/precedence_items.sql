-- name: precedence_items
-- about: The open items by what they are worth, for an order to be made.
-- grain: one row per open item
-- key: item_id
-- reads: items, aging
-- columns:
--   item_id         string   Tracker key.
--   business_value  double?  Worth, on the project's scale, as exported.
--   value_position  bigint   1 for the item worth most.

-- The more valuable first; of equal worth, and of those whose worth nobody
-- stated, the older first.

with open_items as (
    select
        item_id,
        created_at
    from aging
),

values_stated as (
    select
        item_id,
        business_value
    from items
)

select
    open_items.item_id,
    values_stated.business_value,
    row_number() over (
        order by
            values_stated.business_value desc nulls last,
            open_items.created_at asc nulls last,
            open_items.item_id
    ) as value_position
from open_items
left join values_stated
    on open_items.item_id = values_stated.item_id
order by item_id
