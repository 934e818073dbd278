-- name: approvals_as_of
-- about: Approvals that had been asked for by the as-of, as they stood at it.
-- grain: one row per approval
-- key: approval_id
-- reads: params, approvals
-- columns:
--   approval_id   string      Approval.
--   subject_type  string      item, release, change or deployment.
--   subject_id    string      What it is about.
--   kind          string      business_endorsement, cab, legal, ..., in lower
--                             case.
--   decision      string      approved, rejected or pending.
--   gate          string?     The gate that it waives, where it is a waiver of
--                             one gate.
--   decided_by    string?     Who decided.
--   rationale     string?     Why; null where it is blank.
--   conditions    string?     On what conditions; null where they are blank.
--   evidence_url  string?     Its record.
--   requested_at  timestamp?  When it was asked for.
--   decided_at    timestamp?  When; null where it is pending or undated.

-- One asked for after the as-of is not seen, nor one decided after it that
-- nobody says when it was asked for. A decision dated after the as-of was
-- pending at it. An approved one without a date is kept with its decision: a
-- gate cannot know whether it came in time.

with instant as (
    select as_of
    from params
),

approval_rows as (
    select
        approvals.approval_id,
        approvals.subject_type,
        approvals.subject_id,
        lower(approvals.kind) as kind,
        case
            when approvals.decided_at > instant.as_of then 'pending'
            else approvals.decision
        end as decision,
        approvals.gate,
        approvals.decided_by,
        nullif(trim(approvals.rationale), '') as rationale,
        nullif(trim(approvals.conditions), '') as conditions,
        approvals.evidence_url,
        approvals.requested_at,
        case
            when approvals.decided_at <= instant.as_of
                and approvals.decision <> 'pending'
                then approvals.decided_at
        end as decided_at
    from approvals
    cross join instant
    where coalesce(
        approvals.requested_at, approvals.decided_at, instant.as_of
    ) <= instant.as_of
)

select
    approval_id,
    subject_type,
    subject_id,
    kind,
    decision,
    gate,
    decided_by,
    rationale,
    conditions,
    evidence_url,
    requested_at,
    decided_at
from approval_rows
order by approval_id
