-- name: deployments_as_of
-- about: Deployments that had ended by the as-of, with their local week.
-- grain: one row per deployment
-- key: deployment_id
-- reads: params, local_days, deployments, production_environments
-- columns:
--   deployment_id  string      Deployment.
--   release_id     string?     Release it carries.
--   system         string?     System it changes.
--   environment    string      Where it went.
--   result         string      success, failure, rolled_back or cancelled.
--   rollback_of    string?     The deployment that it takes back.
--   hotfix_of      string?     The deployment that it repairs.
--   change_id      string?     Request for change it was done under.
--   is_production  boolean     The environment is a production one.
--   is_completed   boolean     Any result but cancelled.
--   week_start     date?       Monday of the local week it finished in.
--   started_at     timestamp?  Start.
--   finished_at    timestamp   End.

-- Definition, Success: "Denominator: completed production deployments
-- (success, failure, rolled_back; cancelled is not completed)."

with instant as (
    select as_of
    from params
),

days as (
    select
        utc_date,
        week_start,
        start_at,
        end_at
    from local_days
),

deployment_rows as (
    select
        deployment_id,
        release_id,
        system,
        environment,
        result,
        rollback_of,
        hotfix_of,
        change_id,
        started_at,
        finished_at
    from deployments
),

production as (
    select distinct environment
    from production_environments
),

seen_deployments as (
    select
        deployment_rows.deployment_id,
        deployment_rows.release_id,
        deployment_rows.system,
        deployment_rows.environment,
        deployment_rows.result,
        deployment_rows.rollback_of,
        deployment_rows.hotfix_of,
        deployment_rows.change_id,
        production.environment is not null as is_production,
        deployment_rows.result <> 'cancelled' as is_completed,
        days.week_start,
        deployment_rows.started_at,
        deployment_rows.finished_at
    from deployment_rows
    inner join instant
        on deployment_rows.finished_at <= instant.as_of
    left join production
        on deployment_rows.environment = production.environment
    left join days
        on cast(deployment_rows.finished_at as date) = days.utc_date
        and deployment_rows.finished_at >= days.start_at
        and deployment_rows.finished_at < days.end_at
)

select
    deployment_id,
    release_id,
    system,
    environment,
    result,
    rollback_of,
    hotfix_of,
    change_id,
    is_production,
    is_completed,
    week_start,
    started_at,
    finished_at
from seen_deployments
order by deployment_id
