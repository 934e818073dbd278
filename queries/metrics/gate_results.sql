-- name: gate_results
-- about: What every gate found, waivers applied: the one list behind all
--   verdicts.
-- grain: one row per gate, subject and release
-- key: gate, subject_type, subject_id, release_id
-- reads: gate_findings, gate_waivers, approvals_as_of, evidence_as_of,
--   release_moments
-- columns:
--   gate              string      The gate's name.
--   subject_type      string      item, release, change, deployment, ...
--   subject_id        string      What was looked at.
--   release_id        string?     The release that it stands in the way of.
--   team              string?     The team that can answer.
--   verdict           string      pass, fail, waived or unknown.
--   reason            string      Why, in a sentence.
--   evidence_id       string?     The record that decided.
--   evidence_at       timestamp?  When that record is dated.
--   due_at            timestamp?  The moment that the gate guards.
--   own_verdict       string      The verdict before any waiver.
--   limit_words       string?     The limits that it used.
--   decided_by        string?     Who decided what the evidence records.
--   evidence_url      string?     The evidence where it is kept.
--   waiver_id         string?     The waiver that holds, or the one that does
--                                 not.
--   waiver_by         string?     Who decided on it.
--   waiver_rationale  string?     Its rationale.
--   waiver_at         timestamp?  When.
--   counted_at        timestamp?  The moment in whose period it counts: due_at,
--                                 else when its release shipped or is to.

-- coverage.md: "Unknown is never a pass. Evidence counts only when it is dated
-- before the moment the gate guards. A waiver is an approval or a decision
-- with a rationale; without the rationale it is a fail." What the
-- gates found: gate_findings. A waiver that names a gate is from this gate
-- alone, for its subject or for a whole release. One that names none is from
-- all gates, but for its very subject only: that a release may go out is no
-- word on each of its items. It is dated before the moment, like any evidence,
-- and nobody took it back before the moment. Where nobody knows the moment, or
-- whether it was taken back, a row that a waiver may let through is unknown.
-- What is due at no moment of its own (what a shipped release deployed against
-- the CMDB, a reversal) still happened: it counts where its release shipped.

with all_rows as (
    select
        gate,
        subject_type,
        subject_id,
        release_id,
        team,
        verdict,
        reason,
        evidence_id,
        limit_words,
        is_known,
        is_moment_known,
        evidence_at,
        due_at,
        late_from_at
    from gate_findings
),

open_rows as (
    select
        gate,
        subject_type,
        subject_id,
        release_id,
        is_moment_known,
        late_from_at
    from all_rows
    where verdict in ('fail', 'unknown') and is_known
),

waiver_rows as (
    select
        waiver_id,
        waiver_source,
        subject_type,
        subject_id,
        kind,
        gate,
        decided_by,
        rationale,
        is_granted,
        decided_at
    from gate_waivers
),

-- Two joins of equality, so that no engine compares every row with every
-- waiver.
possible_waivers as (
    select
        open_rows.gate,
        open_rows.subject_type,
        open_rows.subject_id,
        open_rows.release_id,
        open_rows.is_moment_known,
        open_rows.late_from_at,
        waiver_rows.waiver_id,
        waiver_rows.subject_type as waiver_subject_type,
        waiver_rows.kind,
        waiver_rows.decided_by,
        waiver_rows.rationale,
        waiver_rows.is_granted,
        waiver_rows.decided_at
    from open_rows
    inner join waiver_rows
        on open_rows.subject_type = waiver_rows.subject_type
        and open_rows.subject_id = waiver_rows.subject_id
    where waiver_rows.gate is null or waiver_rows.gate = open_rows.gate
    union all
    select
        open_rows.gate,
        open_rows.subject_type,
        open_rows.subject_id,
        open_rows.release_id,
        open_rows.is_moment_known,
        open_rows.late_from_at,
        waiver_rows.waiver_id,
        waiver_rows.subject_type as waiver_subject_type,
        waiver_rows.kind,
        waiver_rows.decided_by,
        waiver_rows.rationale,
        waiver_rows.is_granted,
        waiver_rows.decided_at
    from open_rows
    inner join waiver_rows
        on open_rows.release_id = waiver_rows.subject_id
        and open_rows.gate = waiver_rows.gate
    where waiver_rows.subject_type = 'release'
        and open_rows.subject_type <> 'release'
),

timed_waivers as (
    select
        gate,
        subject_type,
        subject_id,
        release_id,
        waiver_id,
        waiver_subject_type,
        kind,
        decided_by,
        rationale,
        is_granted,
        decided_at,
        is_moment_known,
        coalesce(decided_at >= late_from_at, false) as is_late
    from possible_waivers
),

-- What takes back a waiver came with it or after it, and before the moment.
answered_waivers as (
    select
        gate,
        subject_type,
        subject_id,
        release_id,
        waiver_id,
        decided_by,
        rationale,
        is_granted,
        decided_at,
        is_moment_known,
        is_late,
        max(case when not is_granted and not is_late then decided_at end)
            over subject_words as refused_at,
        max(case when not is_granted and decided_at is null then 1 else 0 end)
            over subject_words as undated_refusals
    from timed_waivers
    window subject_words as (
        partition by
            gate, subject_type, subject_id, release_id, waiver_subject_type,
            kind
    )
),

judged_waivers as (
    select
        gate,
        subject_type,
        subject_id,
        release_id,
        waiver_id,
        decided_by,
        rationale,
        decided_at,
        case
            when rationale is null then 'no_rationale'
            when decided_at is null then 'undated'
            when is_late then 'late'
            when decided_at <= refused_at then 'taken_back'
            when not is_moment_known or undated_refusals > 0 then 'unclear'
            else 'holds'
        end as standing
    from answered_waivers
    where is_granted
),

best_waivers as (
    select
        gate,
        subject_type,
        subject_id,
        release_id,
        waiver_id,
        decided_by,
        rationale,
        decided_at,
        standing
    from judged_waivers
    qualify row_number() over (
        partition by gate, subject_type, subject_id, release_id
        order by
            case standing
                when 'holds' then 0
                when 'unclear' then 1
                else 2
            end,
            decided_at nulls last,
            waiver_id
    ) = 1
),

records as (
    select
        evidence_id,
        checked_at as dated_at,
        cast(null as string) as decided_by,
        evidence_url
    from evidence_as_of
    union all
    select
        approval_id as evidence_id,
        decided_at as dated_at,
        decided_by,
        evidence_url
    from approvals_as_of
    where decided_at is not null
),

-- An approval and a piece of evidence may share an id; at one instant, the
-- one with a link is shown.
known_records as (
    select
        evidence_id,
        dated_at,
        decided_by,
        evidence_url
    from records
    qualify row_number() over (
        partition by evidence_id, dated_at
        order by evidence_url nulls last, decided_by nulls last
    ) = 1
)

select
    all_rows.gate,
    all_rows.subject_type,
    all_rows.subject_id,
    all_rows.release_id,
    all_rows.team,
    case
        when best_waivers.standing = 'holds' then 'waived'
        when best_waivers.standing = 'unclear' then 'unknown'
        else all_rows.verdict
    end as verdict,
    all_rows.reason || case
        when best_waivers.standing is null then ''
        when best_waivers.standing = 'holds' then
            '; waived: ' || best_waivers.rationale
        when best_waivers.standing = 'no_rationale' then
            '; exception ' || best_waivers.waiver_id || ' gives no rationale'
        when best_waivers.standing = 'undated' then
            '; exception ' || best_waivers.waiver_id || ' has no date'
        when best_waivers.standing = 'taken_back' then
            '; exception ' || best_waivers.waiver_id || ' was taken back'
        when best_waivers.standing = 'unclear' then
            '; whether exception ' || best_waivers.waiver_id
            || ' came in time is unknown'
        else
            '; exception ' || best_waivers.waiver_id || ' came too late'
    end as reason,
    all_rows.evidence_id,
    all_rows.evidence_at,
    all_rows.due_at,
    all_rows.verdict as own_verdict,
    all_rows.limit_words,
    known_records.decided_by,
    known_records.evidence_url,
    best_waivers.waiver_id,
    best_waivers.decided_by as waiver_by,
    best_waivers.rationale as waiver_rationale,
    best_waivers.decided_at as waiver_at,
    coalesce(all_rows.due_at, release_moments.ship_due_at) as counted_at
from all_rows
left join release_moments
    on all_rows.release_id = release_moments.release_id
left join best_waivers
    on all_rows.gate = best_waivers.gate
    and all_rows.subject_type = best_waivers.subject_type
    and all_rows.subject_id = best_waivers.subject_id
    and all_rows.release_id is not distinct from best_waivers.release_id
left join known_records
    on all_rows.evidence_id = known_records.evidence_id
    and all_rows.evidence_at = known_records.dated_at
order by gate, subject_type, subject_id, release_id
