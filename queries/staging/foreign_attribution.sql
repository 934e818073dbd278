-- name: foreign_attribution
-- about: The deployment to which other tools lay each incident.
-- grain: one row per tool and incident that follows some deployment
-- key: tool, incident_id
-- reads: deployments_as_of, incidents_as_of
-- columns:
--   tool           string      devlake or middleware.
--   incident_id    string      Incident.
--   deployment_id  string      The last deployment before it.
--   finished_at    timestamp   End of that deployment.
--   opened_at      timestamp   When the incident was opened.
--   resolved_at    timestamp?  When it was resolved; null while open.

-- Both take the last production deployment that had ended when the incident
-- was opened, of whatever system and however long ago; no link of the source
-- is looked at.
-- devlake     Apache DevLake, plugins/dora/tasks/incident_deploy_connector.go:
--             successful deployments alone.
-- middleware  middlewarehq/middleware, mhq/service/incidents/incidents.py and
--             mhq/api/incidents.py: deployments of every result, cancelled
--             ones too.
-- Of two deployments that end at one instant, the later name.

with production_deployments as (
    select
        deployment_id,
        result,
        finished_at
    from deployments_as_of
    where is_production
),

incident_rows as (
    select
        incident_id,
        opened_at,
        resolved_at
    from incidents_as_of
    where kind = 'incident'
),

candidates as (
    select 'devlake' as tool, deployment_id, finished_at
    from production_deployments
    where result = 'success'
    union all
    select 'middleware' as tool, deployment_id, finished_at
    from production_deployments
),

turns as (
    select
        tool,
        deployment_id,
        finished_at,
        lead(finished_at) over (
            partition by tool
            order by finished_at, deployment_id
        ) as next_finished_at
    from candidates
),

followed_deployments as (
    select
        turns.tool,
        incident_rows.incident_id,
        turns.deployment_id,
        turns.finished_at,
        incident_rows.opened_at,
        incident_rows.resolved_at
    from incident_rows
    inner join turns
        on incident_rows.opened_at >= turns.finished_at
        and (
            turns.next_finished_at is null
            or incident_rows.opened_at < turns.next_finished_at
        )
)

select
    tool,
    incident_id,
    deployment_id,
    finished_at,
    opened_at,
    resolved_at
from followed_deployments
order by tool, incident_id
