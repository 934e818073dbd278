-- name: components_touched
-- title: Items that touch {threshold} components or more
-- about: How many components an item touches.
-- action: require canary
-- compares: at_least
-- thresholds: 2, 3, 4, 5
-- outcomes: failed_deployment, incident
-- needs: items
-- reads: rule_items, item_components

-- The log does not carry components: they are taken as they stand. An item
-- without any may touch what nobody wrote down: unknown.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

component_counts as (
    select
        item_id,
        count(*) as component_count
    from item_components
    group by item_id
),

counted_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        cast(component_counts.component_count as double) as component_count
    from item_rows
    left join component_counts
        on item_rows.item_id = component_counts.item_id
)

select
    'components_touched' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null then component_count end as value,
    cast(null as string) as category
from counted_items
order by template, item_id, release_id
