-- name: gate_waivers
-- about: Every exception that somebody decided, with its rationale or without,
--   and every word that takes one back.
-- grain: one row per waiver
-- key: waiver_id, waiver_source
-- reads: approvals_as_of, decisions_as_of
-- columns:
--   waiver_id      string      Approval or decision.
--   waiver_source  string      approvals or decisions.
--   subject_type   string      item, release, change or deployment.
--   subject_id     string      What is excepted.
--   kind           string      waiver or exception.
--   gate           string?     The one gate that it is from; null where it
--                              names none.
--   decided_by     string?     Who decided.
--   rationale      string?     Why; null where none is given.
--   is_granted     boolean     It lets through; else it takes back what was let
--                              through before.
--   decided_at     timestamp?  When; of one that is pending, when it was asked
--                              for.

-- coverage.md: "A waiver is an approval or a decision with a rationale;
-- without the rationale it is a fail." A waiver is an approved approval whose
-- kind is waiver or exception, or a decision of the kind exception. One that
-- names an item is about the item, else it is about the release. The last word
-- counts: an approval of the same kind on the same subject that is rejected, or
-- asked for anew and pending, takes back what was approved before it.

with waiving_approvals as (
    select
        approval_id,
        subject_type,
        subject_id,
        kind,
        gate,
        decided_by,
        rationale,
        decision = 'approved' as is_granted,
        case when decision = 'pending' then requested_at else decided_at end
            as decided_at
    from approvals_as_of
    where kind in ('waiver', 'exception')
),

waiving_decisions as (
    select
        decision_id,
        case when item_id is not null then 'item' else 'release' end
            as subject_type,
        coalesce(item_id, release_id) as subject_id,
        kind,
        gate,
        decided_by,
        rationale,
        decided_at
    from decisions_as_of
    where kind = 'exception'
),

waivers as (
    select
        approval_id as waiver_id,
        'approvals' as waiver_source,
        subject_type,
        subject_id,
        kind,
        gate,
        decided_by,
        rationale,
        is_granted,
        decided_at
    from waiving_approvals
    union all
    select
        decision_id as waiver_id,
        'decisions' as waiver_source,
        subject_type,
        subject_id,
        kind,
        gate,
        decided_by,
        rationale,
        true as is_granted,
        decided_at
    from waiving_decisions
    where subject_id is not null
)

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
from waivers
order by waiver_id, waiver_source
