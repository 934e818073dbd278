-- name: hours
-- title: Items of {threshold} hours or more
-- about: The estimate.
-- action: hold
-- compares: at_least
-- thresholds: 8, 16, 30
-- outcomes: age
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
    'hours' as template,
    item_id,
    release_id,
    team,
    cast(null as timestamp) as known_at,
    estimate_hours as value,
    cast(null as string) as category
from item_rows
order by template, item_id, release_id
