-- name: exposed
-- title: Items with an exposure of {threshold} or more
-- about: The risk exposure.
-- action: raise
-- compares: at_least
-- thresholds: 2, 4
-- outcomes: incident
-- needs: items
-- reads: release_scope, item_values

with item_rows as (
    select
        release_scope.item_id,
        release_scope.release_id,
        release_scope.team,
        release_scope.estimate_hours,
        item_values.risk_exposure
    from release_scope
    inner join item_values
        on release_scope.item_id = item_values.item_id
)

select
    'exposed' as template,
    item_id,
    release_id,
    team,
    cast(null as timestamp) as known_at,
    risk_exposure as value,
    cast(null as string) as category
from item_rows
order by template, item_id, release_id
