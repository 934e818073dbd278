-- name: rollback_criteria
-- title: Rollback criteria
-- group: packaging
-- about: Every item of a release says when to take it back and past which
--   figure it has failed, and a release that crossed its threshold was
--   reversed.
-- guards: shipping; of a release that has shipped, its reversal
-- needs: items, releases
-- reads: table_feeds, items, items_as_of, release_moments, release_scope,
--   incidents_as_of, incident_attribution, deployment_repairs, success_rate,
--   gate_limits
-- limits:
--   max_severity  2  Severity up to which an incident crosses the threshold, 1
--     the worst

-- coverage.md, 3.6: "items without criterion or threshold; releases whose
-- threshold was crossed and were not reversed".
-- Items: both are texts without a date, taken as they stand. Where no item of
-- the whole export has one, nobody knows whether the export carries it. The
-- items of a release that was called off before it shipped have no row.
-- Releases: the threshold is free text and no figure can be held against it.
-- Crossed is read as: a completed production deployment of the release that an
-- incident of such severity is laid to within the headline window. Reversed is
-- a successful rollback or hotfix of that deployment by the as-of, or that it
-- rolled itself back. Of a deployment that was reversed, what is unknown does
-- not matter; else an incident without severity, or a system of which nobody
-- records incidents, leaves it unknown. Where no source feeds incidents at all,
-- every release is unknown. No moment is set for the reversal.

with limits as (
    select max(number) as max_severity
    from gate_limits
    where gate = 'rollback_criteria' and limit_name = 'max_severity'
),

moments as (
    select
        release_id,
        ship_due_at
    from release_moments
    where not is_called_off
),

feeds as (
    select is_fed as has_incidents
    from table_feeds
    where table_name = 'incidents'
),

scope as (
    select
        release_id,
        item_id,
        team,
        rollback_criteria,
        failure_threshold
    from release_scope
),

fed_fields as (
    select
        count(nullif(trim(items.rollback_criteria), '')) > 0
            as has_criteria,
        count(nullif(trim(items.failure_threshold), '')) > 0
            as has_thresholds
    from items_as_of
    inner join items
        on items_as_of.item_id = items.item_id
),

item_states as (
    select
        scope.release_id,
        scope.item_id,
        scope.team,
        moments.ship_due_at,
        case
            when scope.rollback_criteria is not null then 'there'
            when fed_fields.has_criteria then 'missing'
            else 'not_fed'
        end as criteria_state,
        case
            when scope.failure_threshold is not null then 'there'
            when fed_fields.has_thresholds then 'missing'
            else 'not_fed'
        end as threshold_state
    from scope
    inner join moments
        on scope.release_id = moments.release_id
    cross join fed_fields
),

judged_items as (
    select
        release_id,
        item_id,
        team,
        ship_due_at,
        case
            when criteria_state = 'missing' or threshold_state = 'missing'
                then 'fail'
            when criteria_state = 'there' and threshold_state = 'there'
                then 'pass'
            else 'unknown'
        end as verdict,
        case
            when criteria_state = 'there' and threshold_state = 'there'
                then 'rollback criteria and failure threshold given'
            when criteria_state = 'missing' and threshold_state = 'missing'
                then 'no rollback criteria, no failure threshold'
            when criteria_state = 'missing' then 'no rollback criteria'
            when threshold_state = 'missing' then 'no failure threshold'
            when criteria_state = 'there'
                then 'failure threshold in no item of the export'
            when threshold_state = 'there'
                then 'rollback criteria in no item of the export'
            else 'rollback criteria, failure threshold in no item of the export'
        end as reason
    from item_states
),

deployment_rows as (
    select
        deployment_id,
        release_id,
        result,
        has_incident_feed
    from success_rate
    where release_id is not null
),

reversals as (
    select
        deployment_id,
        repair_id,
        repaired_at
    from deployment_repairs
    where result = 'success'
    qualify row_number() over (
        partition by deployment_id
        order by repaired_at, repair_id, method, is_explicit
    ) = 1
),

graded_incidents as (
    select
        incident_attribution.deployment_id,
        incident_attribution.incident_id,
        incident_attribution.opened_at,
        incidents_as_of.severity,
        incidents_as_of.severity <= limits.max_severity as is_crossing
    from incident_attribution
    inner join incidents_as_of
        on incident_attribution.incident_id = incidents_as_of.incident_id
    cross join limits
    where incident_attribution.kind = 'incident'
        and incident_attribution.is_within_window
        and incident_attribution.deployment_id is not null
),

-- The incident that says most of its deployment.
worst_incidents as (
    select
        deployment_id,
        incident_id,
        opened_at,
        severity,
        is_crossing
    from graded_incidents
    where coalesce(is_crossing, true)
    qualify row_number() over (
        partition by deployment_id
        order by severity nulls last, opened_at, incident_id
    ) = 1
),

deployment_states as (
    select
        deployment_rows.release_id,
        deployment_rows.deployment_id,
        worst_incidents.incident_id,
        worst_incidents.opened_at,
        worst_incidents.severity,
        reversals.repair_id,
        reversals.repaired_at,
        case
            when reversals.deployment_id is not null
                or deployment_rows.result = 'rolled_back'
                then case
                    when worst_incidents.is_crossing then 'reversed'
                    else 'sound'
                end
            when worst_incidents.is_crossing then 'crossed'
            when worst_incidents.incident_id is not null then 'ungraded'
            when not deployment_rows.has_incident_feed then 'unwatched'
            else 'sound'
        end as state
    from deployment_rows
    left join reversals
        on deployment_rows.deployment_id = reversals.deployment_id
    left join worst_incidents
        on deployment_rows.deployment_id = worst_incidents.deployment_id
),

-- The deployment that decides for its release, of equals the first by name.
deciding_deployments as (
    select
        release_id,
        deployment_id,
        incident_id,
        opened_at,
        severity,
        repair_id,
        repaired_at,
        state,
        count(*) over (partition by release_id, state) as state_count
    from deployment_states
    qualify row_number() over (
        partition by release_id
        order by
            case state
                when 'crossed' then 0
                when 'ungraded' then 1
                when 'unwatched' then 2
                when 'reversed' then 3
                else 4
            end,
            deployment_id
    ) = 1
),

judged_releases as (
    select
        deciding_deployments.release_id,
        case
            when not feeds.has_incidents then 'unknown'
            when deciding_deployments.state = 'crossed' then 'fail'
            when deciding_deployments.state in ('ungraded', 'unwatched')
                then 'unknown'
            else 'pass'
        end as verdict,
        case
            when not feeds.has_incidents then 'no data: feed `incidents`'
            when deciding_deployments.state = 'crossed' then
                deciding_deployments.deployment_id || ' not reversed after '
                || deciding_deployments.incident_id || ', severity '
                || cast(deciding_deployments.severity as string)
            when deciding_deployments.state = 'ungraded' then
                deciding_deployments.deployment_id || ' not reversed after '
                || deciding_deployments.incident_id || ', severity unknown'
            when deciding_deployments.state = 'unwatched' then
                deciding_deployments.deployment_id
                || ' is of a system of which nobody records incidents'
            when deciding_deployments.state = 'reversed' then
                deciding_deployments.deployment_id || case
                    when deciding_deployments.repaired_at
                        < deciding_deployments.opened_at
                        then ' reversed before '
                    else ' reversed after '
                end || deciding_deployments.incident_id || ', severity '
                || cast(deciding_deployments.severity as string)
            else 'no incident crossed its threshold'
        end || case
            when feeds.has_incidents
                and deciding_deployments.state <> 'sound'
                and deciding_deployments.state_count > 1 then
                ' (and ' || cast(
                    deciding_deployments.state_count - 1 as string
                ) || ' more)'
            else ''
        end as reason,
        case deciding_deployments.state
            when 'crossed' then deciding_deployments.incident_id
            when 'ungraded' then deciding_deployments.incident_id
            when 'reversed' then coalesce(
                deciding_deployments.repair_id,
                deciding_deployments.deployment_id
            )
        end as evidence_id,
        case deciding_deployments.state
            when 'crossed' then deciding_deployments.opened_at
            when 'ungraded' then deciding_deployments.opened_at
            when 'reversed' then deciding_deployments.repaired_at
        end as evidence_at
    from deciding_deployments
    cross join feeds
    inner join moments
        on deciding_deployments.release_id = moments.release_id
),

judged_subjects as (
    select
        'item' as subject_type,
        item_id as subject_id,
        release_id,
        team,
        verdict,
        reason,
        cast(null as string) as evidence_id,
        cast(null as timestamp) as evidence_at,
        ship_due_at as due_at
    from judged_items
    union all
    select
        'release' as subject_type,
        release_id as subject_id,
        release_id,
        cast(null as string) as team,
        verdict,
        reason,
        evidence_id,
        evidence_at,
        cast(null as timestamp) as due_at
    from judged_releases
)

select
    'rollback_criteria' as gate,
    subject_type,
    subject_id,
    release_id,
    team,
    verdict,
    subject_id || ': ' || reason as reason,
    evidence_id,
    evidence_at,
    due_at
from judged_subjects
order by gate, subject_type, subject_id, release_id
