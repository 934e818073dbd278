-- name: gate_findings
-- about: What every gate found, before any waiver, with what a waiver can be
--   held against.
-- grain: one row per gate, subject and release
-- key: gate, subject_type, subject_id, release_id
-- reads: gates, gate_rows, release_moments, production_deployments
-- columns:
--   gate             string      The gate's name.
--   subject_type     string      item, release, change, deployment, ...
--   subject_id       string      What was looked at.
--   release_id       string?     The release that it stands in the way of.
--   team             string?     The team that can answer.
--   verdict          string      pass, fail or unknown.
--   reason           string      Why, in a sentence.
--   evidence_id      string?     The record that decided.
--   limit_words      string?     The limits that it used.
--   is_known         boolean     The gate has the tables that it needs.
--   is_moment_known  boolean     A waiver from before the moment was in time
--                                for certain.
--   evidence_at      timestamp?  When the record is dated.
--   due_at           timestamp?  The moment that the gate guards.
--   late_from_at     timestamp?  From here on any waiver came too late.

-- The gates judge by themselves; here is what is the same for all:
--   tables   A gate that lacks a table knows nothing, whatever it says; a
--            release for which it says nothing then gets a row of its own.
--   moment   Of a gate that guards shipping, a row without a moment is about a
--            release that has not shipped, or about what nothing is due for:
--            any waiver is in time. Of any other gate nobody knows the moment,
--            and of a deployment whose start nobody knows its end alone; what
--            was waived before that may have been waived in time.
--   called off  Of a release that was cancelled before it shipped, no gate has
--            a row.

with gate_list as (
    select
        gate,
        guards like 'shipping%' as is_about_shipping,
        nullif(limit_words, '') as limit_words,
        missing_words
    from gates
    where is_on
),

moments as (
    select
        release_id,
        status,
        is_called_off,
        shipped_at,
        ship_due_at
    from release_moments
),

found_rows as (
    select
        gate_rows.gate,
        gate_rows.subject_type,
        gate_rows.subject_id,
        gate_rows.release_id,
        gate_rows.team,
        gate_list.missing_words is null as is_known,
        case
            when gate_list.missing_words is null then gate_rows.verdict
            else 'unknown'
        end as verdict,
        coalesce(gate_list.missing_words, gate_rows.reason) as reason,
        case
            when gate_list.missing_words is null then gate_rows.evidence_id
        end as evidence_id,
        case
            when gate_list.missing_words is null then gate_rows.evidence_at
        end as evidence_at,
        gate_rows.due_at,
        gate_list.limit_words
    from gate_rows
    inner join gate_list
        on gate_rows.gate = gate_list.gate
    left join moments
        on gate_rows.release_id = moments.release_id
    where not coalesce(moments.is_called_off, false)
),

releases_seen as (
    select distinct
        gate,
        release_id
    from found_rows
    where release_id is not null
),

blind_rows as (
    select
        gate_list.gate,
        'release' as subject_type,
        moments.release_id as subject_id,
        moments.release_id,
        cast(null as string) as team,
        false as is_known,
        'unknown' as verdict,
        gate_list.missing_words as reason,
        cast(null as string) as evidence_id,
        cast(null as timestamp) as evidence_at,
        moments.ship_due_at as due_at,
        gate_list.limit_words
    from gate_list
    cross join moments
    left join releases_seen
        on gate_list.gate = releases_seen.gate
        and moments.release_id = releases_seen.release_id
    where gate_list.missing_words is not null
        and releases_seen.gate is null
        and not moments.is_called_off
),

all_rows as (
    select
        gate, subject_type, subject_id, release_id, team, is_known, verdict,
        reason, evidence_id, evidence_at, due_at, limit_words
    from found_rows
    union all
    select
        gate, subject_type, subject_id, release_id, team, is_known, verdict,
        reason, evidence_id, evidence_at, due_at, limit_words
    from blind_rows
),

startless_deployments as (
    select
        deployment_id,
        release_id,
        begun_at
    from production_deployments
    where started_at is null
),

unsure_moments as (
    select distinct
        release_id,
        begun_at
    from startless_deployments
)

select
    all_rows.gate,
    all_rows.subject_type,
    all_rows.subject_id,
    all_rows.release_id,
    all_rows.team,
    all_rows.verdict,
    all_rows.reason,
    all_rows.evidence_id,
    all_rows.limit_words,
    all_rows.is_known,
    case
        when all_rows.due_at is not null
            then startless_deployments.deployment_id is null
            and unsure_moments.begun_at is null
        when not gate_list.is_about_shipping then false
        when moments.shipped_at is null
            then coalesce(moments.status, 'planned') <> 'released'
        else true
    end as is_moment_known,
    all_rows.evidence_at,
    all_rows.due_at,
    coalesce(
        all_rows.due_at,
        case when not gate_list.is_about_shipping then moments.shipped_at end
    ) as late_from_at
from all_rows
inner join gate_list
    on all_rows.gate = gate_list.gate
left join moments
    on all_rows.release_id = moments.release_id
left join startless_deployments
    on all_rows.subject_type = 'deployment'
    and all_rows.subject_id = startless_deployments.deployment_id
left join unsure_moments
    on all_rows.release_id = unsure_moments.release_id
    and all_rows.due_at = unsure_moments.begun_at
order by gate, subject_type, subject_id, release_id
