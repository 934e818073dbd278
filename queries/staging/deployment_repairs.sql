-- name: deployment_repairs
-- about: Later deployments that took a production deployment back or mended it.
-- grain: one row per deployment, repairing deployment and method
-- key: deployment_id, repair_id, method, is_explicit
-- reads: items_as_of, deployments_as_of, deployment_items, incidents_as_of,
--   incident_attribution
-- columns:
--   deployment_id  string     Completed production deployment.
--   repair_id      string     The deployment that answers it.
--   method         string     rollback or hotfix.
--   is_explicit    boolean    Said by the sources, not concluded.
--   result         string     Result of the repair.
--   repaired_at    timestamp  End of the repair.

-- Definition, Success: "a later deployment has rollback_of = it, or a later
-- deployment has hotfix_of = it or carries a hotfix item for an incident of
-- it". Cancelled deployments repair nothing. An incident is of a deployment
-- that the source or the change names; a guessed cause must lie within the
-- headline window.

with hotfix_items as (
    select item_id
    from items_as_of
    where item_type = 'hotfix'
),

later_deployments as (
    select
        deployment_id,
        result,
        rollback_of,
        hotfix_of,
        finished_at
    from deployments_as_of
    where is_completed
),

production_deployments as (
    select
        deployment_id,
        result,
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

incident_rows as (
    select
        incident_attribution.deployment_id,
        incident_attribution.method,
        incidents_as_of.item_id
    from incident_attribution
    inner join incidents_as_of
        on incident_attribution.incident_id = incidents_as_of.incident_id
    where
        incident_attribution.kind = 'incident'
        and (
            incident_attribution.is_within_window
            or incident_attribution.method in ('deployment', 'change')
        )
),

rollbacks as (
    select
        production_deployments.deployment_id,
        later_deployments.deployment_id as repair_id,
        'rollback' as method,
        true as is_explicit,
        later_deployments.result,
        later_deployments.finished_at as repaired_at
    from production_deployments
    inner join later_deployments
        on production_deployments.deployment_id = later_deployments.rollback_of
        and later_deployments.finished_at
        >= production_deployments.finished_at
        and later_deployments.deployment_id
        <> production_deployments.deployment_id
),

declared_hotfixes as (
    select
        production_deployments.deployment_id,
        later_deployments.deployment_id as repair_id,
        'hotfix' as method,
        true as is_explicit,
        later_deployments.result,
        later_deployments.finished_at as repaired_at
    from production_deployments
    inner join later_deployments
        on production_deployments.deployment_id = later_deployments.hotfix_of
        and later_deployments.finished_at
        >= production_deployments.finished_at
        and later_deployments.deployment_id
        <> production_deployments.deployment_id
),

incident_hotfixes as (
    select
        production_deployments.deployment_id,
        repairs.deployment_id as repair_id,
        'hotfix' as method,
        incident_rows.method = 'deployment' as is_explicit,
        repairs.result,
        repairs.finished_at as repaired_at
    from production_deployments
    inner join incident_rows
        on production_deployments.deployment_id = incident_rows.deployment_id
    inner join hotfix_items
        on incident_rows.item_id = hotfix_items.item_id
    inner join held_items
        on hotfix_items.item_id = held_items.item_id
    inner join production_deployments as repairs
        on held_items.deployment_id = repairs.deployment_id
        and repairs.finished_at > production_deployments.finished_at
),

-- One deployment may answer several incidents of another.
all_repairs as (
    select
        deployment_id, repair_id, method, is_explicit, result, repaired_at
    from rollbacks
    union
    select
        deployment_id, repair_id, method, is_explicit, result, repaired_at
    from declared_hotfixes
    union
    select
        deployment_id, repair_id, method, is_explicit, result, repaired_at
    from incident_hotfixes
)

select
    deployment_id,
    repair_id,
    method,
    is_explicit,
    result,
    repaired_at
from all_repairs
order by deployment_id, repair_id, method, is_explicit
