-- name: regulatory_impact_weight
-- title: Items of a regulatory impact of {threshold} or more
-- about: The regulatory impact of an item: if what has much of it fares worse,
--   the score should weigh it more, so that it comes earlier.
-- action: weight regulatory_impact 1.25
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
        regulatory_impact
    from item_values
),

valued_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        stated_values.regulatory_impact
    from item_rows
    left join stated_values
        on item_rows.item_id = stated_values.item_id
)

select
    'regulatory_impact_weight' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null then regulatory_impact end as value,
    cast(null as string) as category
from valued_items
order by template, item_id, release_id
