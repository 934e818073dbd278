-- name: release_readiness__agrees_with_the_gate
-- about: A release is ready when none of its checks is open, and what the gate
--   says of a check stands here.
-- grain: one row per check that breaks the claim
-- key: release_id, evidence_kind
-- reads: gate_results, release_readiness
-- columns:
--   release_id     string  Release.
--   evidence_kind  string  Kind of evidence.

with checks as (
    select
        release_id,
        evidence_kind,
        verdict,
        release_verdict,
        age_days,
        due_at,
        checked_at
    from release_readiness
),

open_releases as (
    select distinct release_id
    from checks
    where verdict in ('fail', 'unknown')
),

gate_rows_shown as (
    select
        release_id,
        subject_id as evidence_kind,
        verdict
    from gate_results
    where gate = 'readiness' and subject_type = 'evidence_kind'
),

broken as (
    select
        checks.release_id,
        checks.evidence_kind
    from checks
    left join open_releases
        on checks.release_id = open_releases.release_id
    left join gate_rows_shown
        on checks.release_id = gate_rows_shown.release_id
        and checks.evidence_kind = gate_rows_shown.evidence_kind
    where
        (checks.release_verdict = 'no_go')
        <> (open_releases.release_id is not null)
        or gate_rows_shown.verdict <> checks.verdict
        or (
            checks.verdict = 'pass'
            and checks.evidence_kind <> 'environment'
            and (
                checks.age_days is null
                or checks.checked_at >= checks.due_at
            )
        )
)

select
    release_id,
    evidence_kind
from broken
order by release_id, evidence_kind
