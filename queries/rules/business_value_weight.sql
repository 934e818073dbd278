-- name: business_value_weight
-- title: Items of a business value of {threshold} or more
-- about: The business value of an item: if what has much of it fares worse, the
--   score should weigh it more, so that it comes earlier.
-- action: weight business_value 1.25
-- compares: at_least
-- thresholds: quartiles
-- outcomes: delay, age
-- needs: items
-- reads: rule_items, item_values

-- The log does not carry it: it is taken as it stands.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

stated_values as (
    select
        item_id,
        business_value
    from item_values
),

valued_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        stated_values.business_value
    from item_rows
    left join stated_values
        on item_rows.item_id = stated_values.item_id
)

select
    'business_value_weight' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null then business_value end as value,
    cast(null as string) as category
from valued_items
order by template, item_id, release_id
