-- name: story_points
-- title: Items of {threshold} story points or more
-- about: How large an item was said to be when it was committed to.
-- action: hold
-- compares: at_least
-- thresholds: quartiles
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items
-- reads: rule_items

with item_rows as (
    select
        item_id,
        release_id,
        team,
        story_points,
        known_at
    from rule_items
)

select
    'story_points' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null and story_points > 0e0
        then story_points
    end as value,
    cast(null as string) as category
from item_rows
order by template, item_id, release_id
