-- name: gate_waivers
-- about: Every exception that somebody decided, with its rationale or without.
-- grain: one row per waiver
-- key: waiver_id, waiver_source
-- reads: approvals_as_of, decisions_as_of
-- columns:
--   waiver_id      string      Approval or decision.
--   waiver_source  string      approvals or decisions.
--   subject_type   string      item, release, change or deployment.
--   subject_id     string      What is excepted.
--   gate           string?     The one gate that it is from; null where it
--                              names none.
--   decided_by     string?     Who decided.
--   rationale      string?     Why; null where none is given.
--   decided_at     timestamp?  When.

-- coverage.md: "A waiver is an approval or a decision with a rationale;
-- without the rationale it is a fail." A waiver is an approved approval whose
-- kind is waiver or exception, or a decision of the kind exception. One that
-- names an item is about the item, else it is about the release.

with waiving_approvals as (
    select
        approval_id,
        subject_type,
        subject_id,
        gate,
        decided_by,
        rationale,
        decided_at
    from approvals_as_of
    where decision = 'approved' and kind in ('waiver', 'exception')
),

waiving_decisions as (
    select
        decision_id,
        case when item_id is not null then 'item' else 'release' end
            as subject_type,
        coalesce(item_id, release_id) as subject_id,
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
        gate,
        decided_by,
        rationale,
        decided_at
    from waiving_approvals
    union all
    select
        decision_id as waiver_id,
        'decisions' as waiver_source,
        subject_type,
        subject_id,
        gate,
        decided_by,
        rationale,
        decided_at
    from waiving_decisions
    where subject_id is not null
)

select
    waiver_id,
    waiver_source,
    subject_type,
    subject_id,
    gate,
    decided_by,
    rationale,
    decided_at
from waivers
order by waiver_id, waiver_source
