-- name: change_request
-- title: A request for change for each deployment
-- group: change
-- about: Every production deployment is done under a request for change (RFC)
--   that was approved before it started, with its plans approved, within its
--   window.
-- guards: the start of the deployment
-- needs: deployments, changes
-- reads: gate_limits, production_deployments, changes_as_of
-- limits:
--   unapproved_states  new;draft;requested;assess;authorize;rejected;cancelled
--     States in which an RFC is not approved

-- coverage.md, 4.1: "no RFC, not approved in time, plan or backout missing,
-- outside its window". Cancelled attempts count: they were under way. A
-- deployment that names no RFC has none, unless no deployment of the feed
-- names any: then nobody knows. A rollback that names none is done under that
-- of what it takes back, and backing out need not wait for a window. Both the
-- start and the end of a deployment lie within the window, its edges included.

with limits as (
    select distinct lower(word) as state
    from gate_limits
    where gate = 'change_request' and limit_name = 'unapproved_states'
),

deployment_rows as (
    select
        deployment_id,
        release_id,
        rollback_of,
        change_id,
        started_at,
        begun_at,
        finished_at
    from production_deployments
),

change_rows as (
    select
        changes_as_of.change_id,
        changes_as_of.state,
        limits.state is not null as is_unapproved,
        changes_as_of.implementation_plan,
        changes_as_of.backout_plan,
        changes_as_of.window_start_at,
        changes_as_of.window_end_at,
        changes_as_of.approved_at
    from changes_as_of
    left join limits
        on changes_as_of.state = limits.state
),

feed as (
    select count(change_id) > 0 as has_changes
    from deployment_rows
),

subjects as (
    select
        deployment_rows.deployment_id,
        deployment_rows.release_id,
        coalesce(deployment_rows.change_id, taken_back.change_id) as change_id,
        feed.has_changes,
        deployment_rows.rollback_of is not null as is_rollback,
        deployment_rows.started_at,
        deployment_rows.begun_at,
        deployment_rows.finished_at
    from deployment_rows
    cross join feed
    left join deployment_rows as taken_back
        on deployment_rows.rollback_of = taken_back.deployment_id
),

asked_subjects as (
    select
        subjects.deployment_id,
        subjects.release_id,
        subjects.change_id,
        subjects.begun_at,
        change_rows.change_id as found_id,
        change_rows.approved_at,
        case
            when subjects.change_id is null and subjects.has_changes
                then 'none'
            when subjects.change_id is null then 'unfed'
            when change_rows.change_id is null then 'absent'
            else 'found'
        end as link,
        change_rows.state,
        case
            when change_rows.is_unapproved then 'no'
            when change_rows.approved_at is null then 'unknown'
            when change_rows.approved_at >= subjects.begun_at then 'late'
            when subjects.started_at is null then 'unknown'
            else 'yes'
        end as approval,
        change_rows.implementation_plan,
        change_rows.backout_plan,
        case
            when subjects.is_rollback then 'within'
            when subjects.begun_at < change_rows.window_start_at then 'before'
            when subjects.finished_at > change_rows.window_end_at then 'after'
            when change_rows.window_start_at is null
                or change_rows.window_end_at is null
                or subjects.started_at is null
                then 'unknown'
            else 'within'
        end as window_fit
    from subjects
    left join change_rows
        on subjects.change_id = change_rows.change_id
),

worded_subjects as (
    select
        deployment_id,
        release_id,
        change_id,
        found_id,
        begun_at,
        approved_at,
        case link
            when 'none' then '; names no RFC'
            when 'absent' then '; RFC ' || change_id || ' does not exist'
            when 'found' then
                case approval
                    when 'no' then '; not approved, but ' || state
                    when 'late' then '; not approved before it started'
                    else ''
                end
                || case
                    when implementation_plan in ('missing', 'draft')
                        then '; implementation plan ' || implementation_plan
                    else ''
                end
                || case
                    when backout_plan in ('missing', 'draft')
                        then '; backout plan ' || backout_plan
                    else ''
                end
                || case window_fit
                    when 'before' then '; started before its window'
                    when 'after' then '; ended after its window'
                    else ''
                end
            else ''
        end as failed_words,
        case link
            when 'unfed' then '; no deployment of the feed names an RFC'
            when 'found' then
                case approval
                    when 'unknown' then '; time of approval unknown'
                    else ''
                end
                || case
                    when implementation_plan is null
                        then '; implementation plan unknown'
                    else ''
                end
                || case
                    when backout_plan is null then '; backout plan unknown'
                    else ''
                end
                || case window_fit
                    when 'unknown' then '; window unknown'
                    else ''
                end
            else ''
        end as unknown_words
    from asked_subjects
)

select
    'change_request' as gate,
    'deployment' as subject_type,
    deployment_id as subject_id,
    release_id,
    cast(null as string) as team,
    case
        when failed_words <> '' then 'fail'
        when unknown_words <> '' then 'unknown'
        else 'pass'
    end as verdict,
    deployment_id || case
        when found_id is null then ''
        else ' under ' || found_id
    end || ': ' || case
        when failed_words <> '' then substring(failed_words, 3)
        when unknown_words <> '' then substring(unknown_words, 3)
        else 'approved before it started, plans approved, within its window'
    end as reason,
    found_id as evidence_id,
    approved_at as evidence_at,
    begun_at as due_at
from worded_subjects
order by gate, subject_type, subject_id, release_id
