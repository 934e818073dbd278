-- name: incident_answers
-- about: Production deployments that answer an incident.
-- grain: one row per such deployment
-- key: deployment_id
-- reads: deployments_as_of, deployment_items, incidents_as_of,
--   deployment_repairs, success_rate
-- columns:
--   deployment_id  string  Completed production deployment.

-- dora.dev, 2025: deployments that are unplanned but happen as a result of an
-- incident in production. Read as: it holds the item of an incident that was
-- open before it, or takes back or mends a deployment that incidents followed
-- within the window. What answers a deployment without any incident is
-- rework_deployments' alone.

with production_deployments as (
    select
        deployment_id,
        finished_at
    from deployments_as_of
    where is_production and is_completed
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

repairs as (
    select
        deployment_id,
        repair_id
    from deployment_repairs
),

struck_deployments as (
    select deployment_id
    from success_rate
    where incident_count > 0
),

all_answers as (
    select production_deployments.deployment_id
    from production_deployments
    inner join held_items
        on production_deployments.deployment_id = held_items.deployment_id
    inner join answered_incidents
        on held_items.item_id = answered_incidents.item_id
        and answered_incidents.opened_at <= production_deployments.finished_at
    union
    select production_deployments.deployment_id
    from production_deployments
    inner join repairs
        on production_deployments.deployment_id = repairs.repair_id
    inner join struck_deployments
        on repairs.deployment_id = struck_deployments.deployment_id
)

select deployment_id
from all_answers
order by deployment_id
