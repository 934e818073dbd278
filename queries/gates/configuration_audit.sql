-- name: configuration_audit
-- title: Configuration audit
-- group: change
-- about: Every regulated system of a release has passed a configuration audit
--   not too long before shipping, and its configuration items (CI) are
--   version-controlled and have a baseline.
-- guards: shipping
-- needs: config_items, evidence
-- reads: gate_limits, params, release_moments, release_systems,
--   configuration_states, evidence_as_of
-- limits:
--   max_age_days  180  Days at most from the audit to shipping
--   kinds  configuration_audit;audit  Kinds of evidence that are an audit

-- coverage.md, 4.5: "an audit sheet per regulated system" (the mart
-- configuration_audits). A system is regulated where one of its CIs is. An
-- audit is evidence on the system, or on the release; the last one before
-- shipping counts. Its age is measured at shipping, before that at the date
-- planned. Where nobody knows when shipping began, an audit that passed before
-- its end may have come too late: unknown. A system of which nobody says
-- whether it is regulated passes where all is in order, else it is unknown.

with limits as (
    select max(number) as max_age_days
    from gate_limits
    where gate = 'configuration_audit' and limit_name = 'max_age_days'
),

kinds as (
    select distinct lower(word) as kind
    from gate_limits
    where gate = 'configuration_audit' and limit_name = 'kinds'
),

instant as (
    select as_of
    from params
),

moments as (
    select
        release_moments.release_id,
        release_moments.ship_since_at,
        release_moments.ship_due_at,
        coalesce(release_moments.ship_due_at, instant.as_of) as measured_at
    from release_moments
    cross join instant
),

states as (
    select
        system,
        is_regulated,
        team,
        uncontrolled_count,
        unstated_count,
        bare_count,
        first_uncontrolled,
        first_bare
    from configuration_states
    where is_regulated is null or is_regulated
),

subjects as (
    select
        release_systems.release_id,
        release_systems.system,
        moments.ship_since_at,
        moments.ship_due_at,
        moments.measured_at
    from release_systems
    inner join moments
        on release_systems.release_id = moments.release_id
    inner join states
        on release_systems.system = states.system
),

audits as (
    select
        evidence_as_of.evidence_id,
        evidence_as_of.subject_type,
        evidence_as_of.subject_id,
        evidence_as_of.result,
        evidence_as_of.checked_at
    from evidence_as_of
    inner join kinds
        on evidence_as_of.kind = kinds.kind
),

subject_audits as (
    select
        subjects.release_id,
        subjects.system,
        subjects.ship_since_at,
        subjects.ship_due_at,
        subjects.measured_at,
        audits.evidence_id,
        audits.result,
        audits.checked_at
    from subjects
    inner join audits
        on subjects.system = audits.subject_id
    where audits.subject_type = 'system'
    union all
    select
        subjects.release_id,
        subjects.system,
        subjects.ship_since_at,
        subjects.ship_due_at,
        subjects.measured_at,
        audits.evidence_id,
        audits.result,
        audits.checked_at
    from subjects
    inner join audits
        on subjects.release_id = audits.subject_id
    where audits.subject_type = 'release'
),

best_audits as (
    select
        subject_audits.release_id,
        subject_audits.system,
        subject_audits.evidence_id,
        subject_audits.checked_at,
        case
            when subject_audits.checked_at >= subject_audits.ship_due_at
                then 'late'
            when subject_audits.result = 'fail' then 'failed'
            when seconds_between(
                subject_audits.checked_at, subject_audits.measured_at
            ) > 86400e0 * limits.max_age_days then 'old'
            when subject_audits.checked_at < subject_audits.ship_since_at
                then 'passed'
            else 'unclear'
        end as standing,
        limits.max_age_days
    from subject_audits
    cross join limits
    qualify row_number() over (
        partition by subject_audits.release_id, subject_audits.system
        order by
            case
                when subject_audits.checked_at >= subject_audits.ship_due_at
                    then 2
                when subject_audits.checked_at < subject_audits.ship_since_at
                    or subject_audits.result = 'pass' then 0
                else 1
            end,
            subject_audits.checked_at desc nulls last,
            subject_audits.result,
            subject_audits.evidence_id
    ) = 1
),

standings as (
    select
        subjects.release_id,
        subjects.system,
        states.team,
        states.is_regulated,
        subjects.ship_due_at,
        best_audits.evidence_id,
        best_audits.checked_at,
        case
            when best_audits.standing is null then '; never audited'
            when best_audits.standing = 'late'
                then '; audited after shipping only'
            when best_audits.standing = 'failed'
                then '; failed the audit ' || best_audits.evidence_id
            when best_audits.standing = 'old'
                then '; audit ' || best_audits.evidence_id || ' of '
                || cast(cast(best_audits.checked_at as date) as string)
                || ' is older than '
                || cast(cast(best_audits.max_age_days as bigint) as string)
                || ' days'
            else ''
        end || case
            when states.uncontrolled_count > 0
                then '; not version-controlled: ' || states.first_uncontrolled
                || case
                    when states.uncontrolled_count > 1 then ' and '
                        || cast(states.uncontrolled_count - 1 as string)
                        || ' more'
                    else ''
                end
            else ''
        end || case
            when states.bare_count > 0
                then '; without baseline: ' || states.first_bare
                || case
                    when states.bare_count > 1 then ' and '
                        || cast(states.bare_count - 1 as string) || ' more'
                    else ''
                end
            else ''
        end as failed_words,
        case
            when best_audits.standing = 'unclear'
                then '; whether the audit ' || best_audits.evidence_id
                || ' came before shipping is unknown'
            else ''
        end || case
            when states.unstated_count > 0
                then '; version control unknown of '
                || cast(states.unstated_count as string) || ' of its CIs'
            else ''
        end || case
            when states.bare_count is null
                then '; no CI of the feed has a baseline'
            else ''
        end as unknown_words
    from subjects
    inner join states
        on subjects.system = states.system
    left join best_audits
        on subjects.release_id = best_audits.release_id
        and subjects.system = best_audits.system
)

select
    'configuration_audit' as gate,
    'system' as subject_type,
    system as subject_id,
    release_id,
    team,
    case
        when failed_words = '' and unknown_words = '' then 'pass'
        when is_regulated is null then 'unknown'
        when failed_words <> '' then 'fail'
        else 'unknown'
    end as verdict,
    system || ': ' || case
        when failed_words = '' and unknown_words = ''
            then 'audited, version-controlled, and with its baseline'
        when is_regulated is null
            then 'whether it is regulated is unknown' || failed_words
            || unknown_words
        when failed_words <> '' then substring(failed_words, 3)
        else substring(unknown_words, 3)
    end as reason,
    evidence_id,
    checked_at as evidence_at,
    ship_due_at as due_at
from standings
order by gate, subject_type, subject_id, release_id
