-- about: Each incident of a project and the last successful deployment to production
--   of the same project that ended before it, against the published ones, which lie
--   in `deployment_items`. An incident of no project has none.
-- expected: exports/expected/devlake.json
-- compare: published_count = /expected_rows
-- compare: derived_count = /expected_rows
-- compare: is_equal = /derived_last_successful_production_before_incident_equal_expected
-- compare: unmapped_incident_id = /unmapped_incidents_dropped/0
with project_incidents as (
    select
        incidents.incident_id,
        incidents.opened_at,
        ci_relations.parent_ci_id as project
    from incidents
    left join ci_relations
        on incidents.system = ci_relations.child_ci_id
        and incidents.category = ci_relations.relation
    where incidents.source_file like '%/connect_incident_to_deployment/%'
),

candidates as (
    select
        project_incidents.incident_id,
        deployments.pipeline_run_id as deployment_id,
        row_number() over (
            partition by project_incidents.incident_id
            order by deployments.finished_at desc
        ) as place
    from project_incidents
    inner join ci_relations
        on project_incidents.project = ci_relations.parent_ci_id
        and ci_relations.relation = 'cicd_scopes'
    inner join deployments on ci_relations.child_ci_id = deployments.system
    where
        deployments.result = 'success'
        and deployments.environment = 'production'
        and deployments.finished_at < project_incidents.opened_at
),

derived as (
    select
        incident_id,
        deployment_id
    from candidates
    where place = 1
),

pairs as (
    select
        derived.incident_id as derived_id,
        deployment_items.item_id as published_id,
        coalesce(derived.deployment_id = deployment_items.deployment_id, false)
            as is_equal
    from derived
    full outer join deployment_items
        on derived.incident_id = deployment_items.item_id
),

unmapped as (
    select min(incident_id) as unmapped_incident_id
    from project_incidents
    where project is null
    having count(*) = 1
)

select
    count(pairs.published_id) as published_count,
    count(pairs.derived_id) as derived_count,
    min(pairs.is_equal) as is_equal,
    max(unmapped.unmapped_incident_id) as unmapped_incident_id
from pairs
cross join unmapped
