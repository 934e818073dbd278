-- name: small_estimate
-- title: Items estimated at {threshold} hours or less
-- about: How little work an item was said to be when it was committed to: what
--   is small and fares better may go first.
-- action: raise
-- compares: at_most
-- thresholds: quartiles
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items
-- reads: rule_items

-- An estimate of 0 says nothing; an item without one is of unestimated.

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
    'small_estimate' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null and estimate_hours > 0e0
        then estimate_hours
    end as value,
    cast(null as string) as category
from item_rows
order by template, item_id, release_id
