-- name: team_planning
-- title: Items of the team {category}
-- about: The team that an item belonged to when it was committed to: one whose
--   items take longer than planned should estimate them twice.
-- action: require second_estimate
-- compares: equals
-- outcomes: overrun, delay, age
-- needs: items
-- reads: rule_items

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
)

select
    'team_planning' as template,
    item_id,
    release_id,
    team,
    known_at,
    cast(null as double) as value,
    case when known_at is not null then team end as category
from item_rows
order by template, item_id, release_id
