-- name: risk_exposure_weight
-- title: Items of a risk exposure of {threshold} or more
-- about: The risk exposure of an item: if what has much of it fares worse, the
--   score should weigh it more, so that it comes earlier.
-- action: weight risk_exposure 1.25
-- compares: at_least
-- thresholds: quartiles
-- outcomes: failed_deployment, incident, delay, age
-- needs: items
-- reads: rule_items, item_values

-- The log does not carry it: it is taken as it stands.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

stated_values as (
    select
        item_id,
        risk_exposure
    from item_values
),

valued_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        stated_values.risk_exposure
    from item_rows
    left join stated_values
        on item_rows.item_id = stated_values.item_id
)

select
    'risk_exposure_weight' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null then risk_exposure end as value,
    cast(null as string) as category
from valued_items
order by template, item_id, release_id
