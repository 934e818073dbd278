-- name: rework_deployments
-- about: Production deployments that answer an incident or a failed one.
-- grain: one row per such deployment
-- key: deployment_id
-- reads: deployments_as_of, deployment_items, deployment_repairs,
--   incidents_as_of
-- columns:
--   deployment_id  string  Completed production deployment.
--   basis          string  repair or incident_item, the first that holds.

-- Definition, Success: "rework rate (production deployments that answer an
-- incident / production deployments)".
-- repair         it rolls back or mends another deployment: declared by
--                rollback_of or hotfix_of, or concluded (deployment_repairs).
-- incident_item  it holds the item of an incident that was open before it.

with production_deployments as (
    select
        deployment_id,
        rollback_of,
        hotfix_of,
        finished_at
    from deployments_as_of
    where is_production and is_completed
),

repairs as (
    select distinct repair_id
    from deployment_repairs
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

answered_incidents as (
    select
        item_id,
        opened_at
    from incidents_as_of
    where kind = 'incident' and item_id is not null
),

bases as (
    select
        production_deployments.deployment_id,
        1 as rank_number,
        'repair' as basis
    from production_deployments
    left join repairs
        on production_deployments.deployment_id = repairs.repair_id
    where
        repairs.repair_id is not null
        or production_deployments.rollback_of is not null
        or production_deployments.hotfix_of is not null
    union all
    select
        production_deployments.deployment_id,
        2 as rank_number,
        'incident_item' as basis
    from production_deployments
    inner join held_items
        on production_deployments.deployment_id = held_items.deployment_id
    inner join answered_incidents
        on held_items.item_id = answered_incidents.item_id
        and answered_incidents.opened_at <= production_deployments.finished_at
),

first_bases as (
    select
        deployment_id,
        min_by(basis, rank_number) as basis
    from bases
    group by deployment_id
)

select
    deployment_id,
    basis
from first_bases
order by deployment_id
