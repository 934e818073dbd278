-- name: delivery_sequence__every_open_item_once
-- about: The order has every open item, at places from 1 without a gap.
-- grain: one row where the claim is broken
-- key: item_count
-- reads: delivery_sequence, aging
-- columns:
--   item_count   bigint  Open items.
--   place_count  bigint  Places of the order.

with open_items as (
    select count(*) as item_count
    from aging
),

places as (
    select
        count(distinct position) as place_count,
        count(*) as row_count,
        coalesce(min(position), 1) as first_place,
        coalesce(max(position), 0) as last_place
    from delivery_sequence
),

broken as (
    select
        open_items.item_count,
        places.place_count
    from open_items
    cross join places
    where
        open_items.item_count <> places.place_count
        or open_items.item_count <> places.row_count
        or open_items.item_count <> places.last_place
        or places.first_place <> 1
)

select
    item_count,
    place_count
from broken
order by item_count
