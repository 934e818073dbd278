-- name: age_at_commitment
-- title: Items that had waited {threshold} days or more before they were
--   committed to
-- about: How long an item had been in the backlog when it was committed to.
-- action: lower
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
        created_at,
        known_at
    from rule_items
)

select
    'age_at_commitment' as template,
    item_id,
    release_id,
    team,
    known_at,
    case
        when created_at <= known_at
            then seconds_between(created_at, known_at) / 86400e0
    end as value,
    cast(null as string) as category
from item_rows
order by template, item_id, release_id
