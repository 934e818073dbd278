-- name: canary
-- title: High-risk items go out by canary
-- group: environments
-- about: High-risk items are deployed to production by a strategy that exposes
--   few users first.
-- guards: the first deployment of the item to production
-- needs: items, deployments, deployment_items
-- reads: gate_limits, items_as_of, item_risk_tiers, deployment_items,
--   production_deployments
-- limits:
--   strategies  canary;blue_green  Strategies that do
--   tiers  high  Risk tiers that need one

-- coverage.md, 5.5: "high-risk items deployed without one". Every completed
-- attempt counts, as each exposed users; a rollback and a cancelled attempt
-- do not. A strategy that is not given is unknown. An item whose tier is
-- unknown passes where it went out with care, whether or not it had to.

with strategies as (
    select distinct lower(word) as strategy
    from gate_limits
    where gate = 'canary' and limit_name = 'strategies'
),

tiers as (
    select distinct lower(word) as risk_tier
    from gate_limits
    where gate = 'canary' and limit_name = 'tiers'
),

subjects as (
    select
        items_as_of.item_id,
        items_as_of.team,
        item_risk_tiers.risk_tier
    from items_as_of
    inner join item_risk_tiers
        on items_as_of.item_id = item_risk_tiers.item_id
    left join tiers
        on item_risk_tiers.risk_tier = tiers.risk_tier
    where item_risk_tiers.risk_tier is null or tiers.risk_tier is not null
),

attempts as (
    select
        production_deployments.deployment_id,
        production_deployments.release_id,
        production_deployments.strategy,
        production_deployments.begun_at,
        case
            when strategies.strategy is not null then 'careful'
            when production_deployments.strategy is null then 'unknown'
            else 'direct'
        end as exposure
    from production_deployments
    left join strategies
        on production_deployments.strategy = strategies.strategy
    where production_deployments.is_completed
        and production_deployments.rollback_of is null
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

-- Of an item's attempts the worst speaks, the first of its kind.
exposures as (
    select
        subjects.item_id,
        attempts.release_id,
        subjects.team,
        subjects.risk_tier,
        attempts.deployment_id,
        attempts.strategy,
        attempts.exposure,
        min(attempts.begun_at) over (
            partition by subjects.item_id, attempts.release_id
        ) as due_at
    from subjects
    inner join held_items
        on subjects.item_id = held_items.item_id
    inner join attempts
        on held_items.deployment_id = attempts.deployment_id
    qualify row_number() over (
        partition by subjects.item_id, attempts.release_id
        order by
            case attempts.exposure
                when 'direct' then 0
                when 'unknown' then 1
                else 2
            end,
            attempts.begun_at,
            attempts.deployment_id
    ) = 1
)

select
    'canary' as gate,
    'item' as subject_type,
    item_id as subject_id,
    release_id,
    team,
    case
        when exposure = 'careful' then 'pass'
        when exposure = 'unknown' or risk_tier is null then 'unknown'
        else 'fail'
    end as verdict,
    item_id || ': ' || case
        when risk_tier is null then 'risk unknown'
        else 'risk ' || risk_tier
    end || case exposure
        when 'unknown' then ', and the strategy of ' || deployment_id
            || ' is unknown'
        else ', deployed by ' || strategy || ' with ' || deployment_id
    end as reason,
    deployment_id as evidence_id,
    cast(null as timestamp) as evidence_at,
    due_at
from exposures
order by gate, subject_type, subject_id, release_id
