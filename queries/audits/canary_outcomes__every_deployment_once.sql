-- name: canary_outcomes__every_deployment_once
-- about: Every completed production deployment has one risk tier and one
--   method, and failed as success_rate says.
-- grain: one row where the claim is broken
-- key: deployment_count
-- reads: canary_outcomes, success_rate
-- columns:
--   deployment_count  bigint  Deployments counted here.
--   judged_count      bigint  Deployments in success_rate.

with counted as (
    select
        cast(coalesce(sum(deployment_count), 0) as bigint)
            as deployment_count,
        cast(coalesce(sum(failed_count), 0) as bigint) as failed_count
    from canary_outcomes
),

judged as (
    select
        count(*) as deployment_count,
        count(*) filter (where is_failed) as failed_count
    from success_rate
)

select
    counted.deployment_count,
    judged.deployment_count as judged_count
from counted
cross join judged
where counted.deployment_count <> judged.deployment_count
    or counted.failed_count <> judged.failed_count
order by deployment_count
