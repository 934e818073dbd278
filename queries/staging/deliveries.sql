-- name: deliveries
-- about: The first delivery of each item delivered by the as-of.
-- grain: one row per delivered item
-- key: item_id
-- reads: workflow, items_as_of, item_stages, deployments_as_of,
--   deployment_items, delivery_basis
-- columns:
--   item_id         string     Tracker key.
--   delivered_at    timestamp  First delivery.
--   delivery_basis  string     deployment or status.
--   deployment_id   string?    The deployment that delivered it.

-- Definition, Cycle time: the first successful production deployment that
-- holds the item; without deployment data, the first move into the last done
-- stage. With deployment data, an item that is done but was never deployed is
-- not delivered. "Done, reopened, done is one delivery": the first. With more
-- than one done stage, the last of them is the delivery. An item that stands
-- in it without anybody knowing since when has no delivery (the ledger counts
-- it as delivery_unknown).

with basis as (
    select delivery_basis
    from delivery_basis
),

done_stages as (
    select stage_position
    from workflow
    where kind = 'done'
),

item_rows as (
    select item_id
    from items_as_of
),

stays as (
    select
        item_id,
        stage_position,
        entered_at
    from item_stages
),

successes as (
    select
        deployment_id,
        finished_at
    from deployments_as_of
    where is_production and result = 'success'
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

first_deployments as (
    select
        item_rows.item_id,
        successes.finished_at as delivered_at,
        'deployment' as delivery_basis,
        successes.deployment_id
    from successes
    inner join held_items
        on successes.deployment_id = held_items.deployment_id
    inner join item_rows
        on held_items.item_id = item_rows.item_id
    inner join basis
        on basis.delivery_basis = 'deployment'
    qualify row_number() over (
        partition by item_rows.item_id
        order by successes.finished_at, successes.deployment_id
    ) = 1
),

last_stage as (
    select max(stage_position) as stage_position
    from done_stages
),

first_done_moves as (
    select
        stays.item_id,
        min(stays.entered_at) as delivered_at,
        'status' as delivery_basis,
        cast(null as string) as deployment_id
    from stays
    inner join last_stage
        on stays.stage_position = last_stage.stage_position
    inner join basis
        on basis.delivery_basis = 'status'
    where stays.entered_at is not null
    group by stays.item_id
),

first_deliveries as (
    select item_id, delivered_at, delivery_basis, deployment_id
    from first_deployments
    union all
    select item_id, delivered_at, delivery_basis, deployment_id
    from first_done_moves
)

select
    item_id,
    delivered_at,
    delivery_basis,
    deployment_id
from first_deliveries
order by item_id
