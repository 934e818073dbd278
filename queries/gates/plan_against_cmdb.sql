-- name: plan_against_cmdb
-- title: Plan against CMDB
-- group: change
-- about: What a release planned is what it deployed and what the CMDB records.
-- guards: shipping; afterwards, the present
-- needs: releases, items, deployments, deployment_items, config_items
-- reads: release_moments, plan_differences

-- coverage.md, 4.6: "three-way difference: planned, deployed, recorded". Each
-- item and configuration item is one row; plan_differences has what lacks it.
-- Before the release is out, an item that waits for its deployment is not
-- looked at, unless it names no component. What a shipped release left behind
-- can be put right at any time, so nothing is due.

with moments as (
    select
        release_id,
        case when shipped_at is null then ship_due_at end as due_at
    from release_moments
),

differences as (
    select
        release_id,
        subject_type,
        subject_id,
        team,
        deployment_id,
        is_planned,
        is_deployed,
        is_recorded,
        is_deployment_due,
        lacking_words,
        recorded_words
    from plan_differences
    where subject_type = 'config_item'
        or is_deployed
        or is_deployment_due is null
        or is_deployment_due
        or is_recorded is null
)

select
    'plan_against_cmdb' as gate,
    differences.subject_type,
    differences.subject_id,
    differences.release_id,
    differences.team,
    case
        when differences.lacking_words is not null then 'fail'
        when differences.is_recorded is null then 'unknown'
        when not differences.is_deployed
            and differences.is_deployment_due is null then 'unknown'
        else 'pass'
    end as verdict,
    differences.subject_id || ': ' || case
        when differences.is_planned then 'planned'
        else 'not planned'
    end || case
        when differences.is_deployed
            then ', deployed with ' || differences.deployment_id
        when differences.is_deployment_due then ', not deployed'
        when differences.is_deployment_due is null
            then ', not deployed, and whether the release is out is unknown'
        else ', to be deployed'
    end || case
        when differences.recorded_words is not null
            then ', ' || differences.recorded_words
        when differences.subject_type = 'config_item' then ', recorded'
        else ''
    end as reason,
    differences.deployment_id as evidence_id,
    cast(null as timestamp) as evidence_at,
    moments.due_at
from differences
inner join moments
    on differences.release_id = moments.release_id
order by gate, subject_type, subject_id, release_id
