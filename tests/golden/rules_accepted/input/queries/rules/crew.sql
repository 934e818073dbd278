-- name: crew
-- title: Items of {category}
-- about: The team.
-- action: require Sign off
-- compares: equals
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
    'crew' as template,
    item_id,
    release_id,
    team,
    cast(null as timestamp) as known_at,
    cast(null as double) as value,
    team as category
from item_rows
order by template, item_id, release_id
