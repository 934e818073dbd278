-- name: unestimated
-- title: Items committed to without an estimate
-- about: Neither hours nor story points above zero when it was committed to.
-- action: require estimate
-- compares: at_least
-- thresholds: 1
-- outcomes: failed_deployment, incident, delay, age
-- needs: items
-- reads: rule_items

with item_rows as (
    select
        item_id,
        release_id,
        team,
        estimate_hours,
        story_points,
        known_at
    from rule_items
)

select
    'unestimated' as template,
    item_id,
    release_id,
    team,
    known_at,
    case
        when known_at is null then cast(null as double)
        when estimate_hours > 0e0 or story_points > 0e0 then 0e0
        else 1e0
    end as value,
    cast(null as string) as category
from item_rows
order by template, item_id, release_id
