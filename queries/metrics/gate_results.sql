-- name: gate_results
-- about: What every gate found, waivers applied: the one list behind all
--   verdicts.
-- grain: one row per gate, subject and release
-- key: gate, subject_type, subject_id, release_id
-- reads: gates, gate_rows, gate_waivers, approvals_as_of, evidence_as_of,
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
-- with a rationale; without the rationale it is a fail." The gates judge by
-- themselves; here is what is the same for all:
--   tables   A gate that lacks a table knows nothing, whatever it says; a
--            release for which it says nothing then gets a row of its own.
--   waivers  One that names a gate is from this gate alone, for its subject
--            or for a whole release. One that names none is from all gates,
--            but for its very subject only: that a release may go out is no
--            word on each of its items. It is dated before the moment, like
--            any evidence.
-- What is due at no moment of its own (what a shipped release deployed against
-- the CMDB, a reversal) still happened: it counts where its release shipped.

with gate_list as (
    select
        gate,
        nullif(limit_words, '') as limit_words,
        missing_words
    from gates
    where is_on
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
        release_moments.release_id as subject_id,
        release_moments.release_id,
        cast(null as string) as team,
        false as is_known,
        'unknown' as verdict,
        gate_list.missing_words as reason,
        cast(null as string) as evidence_id,
        cast(null as timestamp) as evidence_at,
        release_moments.ship_due_at as due_at,
        gate_list.limit_words
    from gate_list
    cross join release_moments
    left join releases_seen
        on gate_list.gate = releases_seen.gate
        and release_moments.release_id = releases_seen.release_id
    where gate_list.missing_words is not null
        and releases_seen.gate is null
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

open_rows as (
    select
        gate,
        subject_type,
        subject_id,
        release_id,
        due_at
    from all_rows
    where verdict in ('fail', 'unknown') and is_known
),

waiver_rows as (
    select
        waiver_id,
        waiver_source,
        subject_type,
        subject_id,
        gate,
        decided_by,
        rationale,
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
        open_rows.due_at,
        waiver_rows.waiver_id,
        waiver_rows.decided_by,
        waiver_rows.rationale,
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
        open_rows.due_at,
        waiver_rows.waiver_id,
        waiver_rows.decided_by,
        waiver_rows.rationale,
        waiver_rows.decided_at
    from open_rows
    inner join waiver_rows
        on open_rows.release_id = waiver_rows.subject_id
        and open_rows.gate = waiver_rows.gate
    where waiver_rows.subject_type = 'release'
        and open_rows.subject_type <> 'release'
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
            when decided_at >= due_at then 'late'
            else 'holds'
        end as standing
    from possible_waivers
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
            case standing when 'holds' then 0 else 1 end,
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
