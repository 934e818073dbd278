-- name: item_components
-- about: The components of each item, one by one.
-- grain: one row per item and component
-- key: item_id, component
-- reads: items, items_as_of
-- columns:
--   item_id    string  Tracker key.
--   component  string  A ci_id or a component's name, as the item has it.

-- Lists are taken apart by ordinal, which reads alike on both engines; the
-- first 1000 components of an item count.

with item_rows as (
    select
        items.item_id,
        items.components
    from items
    inner join items_as_of
        on items.item_id = items_as_of.item_id
    where list_length(items.components) > 0
),

positions as (
    select cast(number as bigint) + 1 as ordinal
    from range(1000) as numbers(number)
),

listed_components as (
    select distinct
        item_rows.item_id,
        list_element_at(item_rows.components, positions.ordinal) as component
    from item_rows
    inner join positions
        on positions.ordinal <= list_length(item_rows.components)
),

named_components as (
    select
        item_id,
        component
    from listed_components
    where component is not null
)

select
    item_id,
    component
from named_components
order by item_id, component
