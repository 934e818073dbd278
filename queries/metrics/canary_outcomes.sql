-- name: canary_outcomes
-- about: How production deployments fared by the risk of what they carried and
--   by how they were done: canary against direct.
-- grain: one row per risk tier and method
-- key: risk_tier, method
-- reads: gate_limits, item_risk_tiers, deployment_items,
--   production_deployments, success_rate
-- columns:
--   risk_tier         string   high, medium, low, unknown, or "(no items)".
--   method            string   canary (or what counts as one), direct, unknown,
--                              or rollback.
--   deployment_count  bigint   Completed production deployments.
--   measured_count    bigint   Of these, known to have failed or not.
--   failed_count      bigint   Of the measured, failed.
--   failure_ratio     double?  failed / measured; null without any.

-- coverage.md, 5.5: "canary against direct outcomes by risk tier". A deployment
-- is as risky as the worst of its items; where one of them is unknown and none
-- is high, it is unknown. Failed is as success_rate says it. Risk and method
-- are not drawn by lot: where people choose canaries for what they fear, these
-- fail more often for that reason.

with strategies as (
    select distinct lower(word) as strategy
    from gate_limits
    where gate = 'canary' and limit_name = 'strategies'
),

outcomes as (
    select
        deployment_id,
        is_failed
    from success_rate
),

deployment_rows as (
    select
        production_deployments.deployment_id,
        case
            when production_deployments.rollback_of is not null
                then 'rollback'
            when strategies.strategy is not null then 'canary'
            when production_deployments.strategy is null then 'unknown'
            else 'direct'
        end as method
    from production_deployments
    left join strategies
        on production_deployments.strategy = strategies.strategy
),

tiers as (
    select
        deployment_items.deployment_id,
        max(case item_risk_tiers.risk_tier
            when 'high' then 4
            when 'medium' then 2
            when 'low' then 1
            else 3
        end) as tier_rank
    from deployment_items
    inner join item_risk_tiers
        on deployment_items.item_id = item_risk_tiers.item_id
    group by deployment_items.deployment_id
),

tiered_outcomes as (
    select
        outcomes.is_failed,
        deployment_rows.method,
        case tiers.tier_rank
            when 4 then 'high'
            when 3 then 'unknown'
            when 2 then 'medium'
            when 1 then 'low'
            else '(no items)'
        end as risk_tier
    from outcomes
    inner join deployment_rows
        on outcomes.deployment_id = deployment_rows.deployment_id
    left join tiers
        on outcomes.deployment_id = tiers.deployment_id
),

counts as (
    select
        risk_tier,
        method,
        cast(count(*) as bigint) as deployment_count,
        cast(count(is_failed) as bigint) as measured_count,
        cast(count(*) filter (where is_failed) as bigint) as failed_count
    from tiered_outcomes
    group by risk_tier, method
)

select
    risk_tier,
    method,
    deployment_count,
    measured_count,
    failed_count,
    failed_count * 1e0 / nullif(measured_count, 0) as failure_ratio
from counts
order by risk_tier, method
