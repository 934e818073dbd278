-- name: production_deployments
-- about: Attempts at production by the as-of, with the release each is for and
--   what it says of itself.
-- grain: one row per production deployment
-- key: deployment_id
-- reads: deployments, deployments_as_of, changes_as_of
-- columns:
--   deployment_id  string      Deployment.
--   release_id     string?     Its release; where it names none, that of its
--                              change.
--   system         string?     System it changes.
--   environment    string      Where it went.
--   result         string      success, failure, rolled_back or cancelled.
--   rollback_of    string?     The deployment that it takes back.
--   change_id      string?     Request for change it was done under.
--   baseline_id    string?     Baseline that it puts there.
--   commit_sha     string?     Commit that it puts there.
--   strategy       string?     canary, blue_green, rolling or all_at_once.
--   is_completed   boolean     Any result but cancelled.
--   is_taken_back  boolean     A successful rollback took it back.
--   started_at     timestamp?  Start.
--   begun_at       timestamp   Start; its end where no start is known.
--   finished_at    timestamp   End.

with deployment_rows as (
    select
        deployments_as_of.deployment_id,
        deployments_as_of.release_id,
        deployments_as_of.system,
        deployments_as_of.environment,
        deployments_as_of.result,
        deployments_as_of.rollback_of,
        deployments_as_of.change_id,
        nullif(trim(deployments.baseline_id), '') as baseline_id,
        deployments.commit_sha,
        deployments.strategy,
        deployments_as_of.is_completed,
        deployments_as_of.started_at,
        deployments_as_of.finished_at
    from deployments_as_of
    inner join deployments
        on deployments_as_of.deployment_id = deployments.deployment_id
    where deployments_as_of.is_production
),

change_rows as (
    select
        change_id,
        release_id
    from changes_as_of
),

rollbacks as (
    select distinct rollback_of as deployment_id
    from deployment_rows
    where rollback_of is not null and result = 'success'
)

select
    deployment_rows.deployment_id,
    coalesce(deployment_rows.release_id, change_rows.release_id)
        as release_id,
    deployment_rows.system,
    deployment_rows.environment,
    deployment_rows.result,
    deployment_rows.rollback_of,
    deployment_rows.change_id,
    deployment_rows.baseline_id,
    deployment_rows.commit_sha,
    deployment_rows.strategy,
    deployment_rows.is_completed,
    rollbacks.deployment_id is not null as is_taken_back,
    deployment_rows.started_at,
    coalesce(deployment_rows.started_at, deployment_rows.finished_at)
        as begun_at,
    deployment_rows.finished_at
from deployment_rows
left join change_rows
    on deployment_rows.change_id = change_rows.change_id
left join rollbacks
    on deployment_rows.deployment_id = rollbacks.deployment_id
order by deployment_id
