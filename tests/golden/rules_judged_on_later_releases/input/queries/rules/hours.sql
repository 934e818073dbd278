-- name: hours
-- title: Items of {threshold} hours or more
-- about: How much work an item was said to be.
-- action: hold
-- compares: at_least
-- thresholds: 8, 20
-- outcomes: incident
-- needs: items, incidents
-- reads: rule_items

with item_rows as (
    select
        item_id,
        release_id,
        team,
        estimate_hours,
        known_at
    from rule_items
)

select
    'hours' as template,
    item_id,
    release_id,
    team,
    known_at,
    estimate_hours as value,
    cast(null as string) as category
from item_rows
order by template, item_id, release_id
