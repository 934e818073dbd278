-- name: unit_to_baseline
-- title: Deployed units and their baselines
-- group: change
-- about: Every production deployment names its baseline, and the configuration
--   items (CI) of its system and environment have that baseline.
-- guards: the start of the deployment
-- needs: deployments, config_items
-- reads: config_items, production_deployments

-- coverage.md, 4.4: "deployments without a baseline, or with another than the
-- environment's CI has". A baseline that is not named is missing, unless no
-- row of the feed names one: then nobody knows. The CMDB has the present
-- baselines alone, so they are held against the last successful deployment of
-- a system to an environment. What was replaced since is unknown, unless the
-- CIs still have its baseline; what did not succeed left no mark on them and
-- needs but a baseline of its own. Cancelled attempts have no row.

with deployment_rows as (
    select
        deployment_id,
        release_id,
        system,
        environment,
        result,
        baseline_id,
        begun_at,
        finished_at
    from production_deployments
    where is_completed
),

ci_rows as (
    select
        ci_id,
        system,
        environment,
        owner_team,
        baseline_id
    from config_items
),

feed as (
    select count(baseline_id) > 0 as has_baselines
    from deployment_rows
),

ci_feed as (
    select count(baseline_id) > 0 as has_ci_baselines
    from ci_rows
),

successions as (
    select
        deployment_id,
        lead(deployment_id) over (
            partition by system, environment
            order by finished_at, deployment_id
        ) as next_id
    from deployment_rows
    where result = 'success' and system is not null
),

compared_cis as (
    select
        deployment_rows.deployment_id,
        min(ci_rows.owner_team) as team,
        count(*) as ci_count,
        count(*) filter (
            where ci_rows.environment is null
        ) as placeless_count,
        min(ci_rows.ci_id) filter (
            where ci_rows.environment = deployment_rows.environment
        ) as first_ci_id,
        min(ci_rows.ci_id) filter (
            where ci_rows.environment = deployment_rows.environment
                and ci_rows.baseline_id is null
        ) as bare_ci_id,
        min(ci_rows.ci_id) filter (
            where ci_rows.environment = deployment_rows.environment
                and ci_rows.baseline_id <> deployment_rows.baseline_id
        ) as other_ci_id,
        min_by(ci_rows.baseline_id, ci_rows.ci_id) filter (
            where ci_rows.environment = deployment_rows.environment
                and ci_rows.baseline_id <> deployment_rows.baseline_id
        ) as other_baseline_id
    from deployment_rows
    inner join ci_rows
        on deployment_rows.system = ci_rows.system
    where ci_rows.environment is null
        or ci_rows.environment = deployment_rows.environment
    group by deployment_rows.deployment_id
),

standings as (
    select
        deployment_rows.deployment_id,
        deployment_rows.release_id,
        compared_cis.team,
        deployment_rows.system,
        deployment_rows.environment,
        deployment_rows.baseline_id,
        deployment_rows.begun_at,
        successions.next_id,
        compared_cis.bare_ci_id,
        compared_cis.other_ci_id,
        compared_cis.other_baseline_id,
        case
            when deployment_rows.baseline_id is null and feed.has_baselines
                then 'no_baseline'
            when deployment_rows.baseline_id is null then 'unfed'
            when deployment_rows.result <> 'success' then 'unsuccessful'
            when deployment_rows.system is null then 'no_system'
            when compared_cis.first_ci_id is null
                and compared_cis.placeless_count > 0 then 'placeless'
            when compared_cis.first_ci_id is null
                and successions.next_id is not null then 'replaced'
            when compared_cis.first_ci_id is null then 'no_ci'
            when compared_cis.other_ci_id is not null
                and successions.next_id is not null then 'replaced'
            when compared_cis.other_ci_id is not null then 'other_baseline'
            when compared_cis.bare_ci_id is not null
                and successions.next_id is not null then 'replaced'
            when compared_cis.bare_ci_id is not null
                and ci_feed.has_ci_baselines then 'bare_ci'
            when compared_cis.bare_ci_id is not null then 'unfed_ci'
            else 'same'
        end as standing,
        coalesce(
            compared_cis.other_ci_id,
            compared_cis.bare_ci_id,
            compared_cis.first_ci_id
        ) as ci_id
    from deployment_rows
    cross join feed
    cross join ci_feed
    left join successions
        on deployment_rows.deployment_id = successions.deployment_id
    left join compared_cis
        on deployment_rows.deployment_id = compared_cis.deployment_id
)

select
    'unit_to_baseline' as gate,
    'deployment' as subject_type,
    deployment_id as subject_id,
    release_id,
    team,
    case
        when standing in ('same', 'unsuccessful') then 'pass'
        when standing in ('no_baseline', 'no_ci', 'other_baseline', 'bare_ci')
            then 'fail'
        else 'unknown'
    end as verdict,
    deployment_id || case
        when baseline_id is null then ''
        else ' with baseline ' || baseline_id
    end || ': ' || case standing
        when 'no_baseline' then 'names no baseline'
        when 'unfed' then 'no deployment of the feed names a baseline'
        when 'unsuccessful' then 'did not succeed, and the CIs keep theirs'
        when 'no_system' then 'its system is unknown'
        when 'placeless' then 'the CIs of ' || system
            || ' name no environment'
        when 'replaced' then 'replaced by ' || next_id
            || ' since, and the CMDB has the present baselines alone'
        when 'no_ci' then 'the CMDB has no CI of ' || system || ' in '
            || environment
        when 'other_baseline' then ci_id || ' has ' || other_baseline_id
        when 'bare_ci' then ci_id || ' has no baseline'
        when 'unfed_ci' then 'no CI of the feed has a baseline'
        else 'the CIs of ' || system || ' in ' || environment || ' have it'
    end as reason,
    ci_id as evidence_id,
    cast(null as timestamp) as evidence_at,
    begun_at as due_at
from standings
order by gate, subject_type, subject_id, release_id
