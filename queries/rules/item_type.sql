-- name: item_type
-- title: Items of the type {category}
-- about: What kind of work an item is.
-- action: require canary
-- compares: equals
-- outcomes: failed_deployment, incident
-- needs: items
-- reads: rule_items

-- The log does not carry the type: it is taken as it stands.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        item_type,
        known_at
    from rule_items
)

select
    'item_type' as template,
    item_id,
    release_id,
    team,
    known_at,
    cast(null as double) as value,
    case when known_at is not null then item_type end as category
from item_rows
order by template, item_id, release_id
