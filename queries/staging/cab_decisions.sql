-- name: cab_decisions
-- about: What the change advisory board decided on each release as a whole.
-- grain: one row per release and decision
-- key: release_id, decision_source, approval_id
-- reads: changes_as_of, release_names, release_moments, approvals_as_of
-- columns:
--   release_id       string      Release.
--   decision_source  string      release, or changes: its requests for change.
--   approval_id      string      Approval; of several changes, the latest.
--   decision         string      approved, rejected or pending.
--   standing         string      in_time, late, unclear, undated, partial or
--                                 pending.
--   decided_at       timestamp?  When.

-- A board that decides on requests for change has decided on a release when it
-- approved each of the release's, and against it when it rejected one; until
-- then its word is partial. Of several decisions at one instant the worst
-- stands. Unclear is one from before the end of shipping whose beginning nobody
-- knows.

with moments as (
    select
        release_id,
        ship_since_at,
        ship_due_at
    from release_moments
),

change_rows as (
    select
        changes_as_of.change_id,
        coalesce(release_names.release_id, changes_as_of.release_id)
            as release_id
    from changes_as_of
    left join release_names
        on changes_as_of.release_id = release_names.release_name
),

cab_approvals as (
    select
        approval_id,
        subject_type,
        subject_id,
        decision,
        decided_at
    from approvals_as_of
    where kind = 'cab'
),

linked_approvals as (
    select
        moments.release_id,
        'release' as decision_source,
        moments.release_id as subject_id,
        cab_approvals.approval_id,
        cab_approvals.decision,
        cab_approvals.decided_at,
        moments.ship_since_at,
        moments.ship_due_at
    from moments
    inner join cab_approvals
        on moments.release_id = cab_approvals.subject_id
    where cab_approvals.subject_type = 'release'
    union all
    select
        moments.release_id,
        'changes' as decision_source,
        change_rows.change_id as subject_id,
        cab_approvals.approval_id,
        cab_approvals.decision,
        cab_approvals.decided_at,
        moments.ship_since_at,
        moments.ship_due_at
    from moments
    inner join change_rows
        on moments.release_id = change_rows.release_id
    inner join cab_approvals
        on change_rows.change_id = cab_approvals.subject_id
    where cab_approvals.subject_type = 'change'
),

timed_approvals as (
    select
        release_id,
        decision_source,
        subject_id,
        approval_id,
        decision,
        decided_at,
        case
            when decision = 'pending' then 'pending'
            when decided_at is null then 'undated'
            when decided_at >= ship_due_at then 'late'
            when decided_at < ship_since_at then 'in_time'
            else 'unclear'
        end as standing
    from linked_approvals
),

-- On each subject the latest decision before shipping counts; without one,
-- what came nearest.
best_approvals as (
    select
        release_id,
        decision_source,
        subject_id,
        approval_id,
        decision,
        decided_at,
        standing
    from timed_approvals
    qualify row_number() over (
        partition by release_id, decision_source, subject_id
        order by
            case standing
                when 'in_time' then 0
                when 'unclear' then 1
                when 'undated' then 2
                when 'late' then 3
                else 4
            end,
            case when standing = 'unclear' and decision = 'approved' then 0
                else 1
            end,
            case when standing = 'in_time' then decided_at end
                desc nulls last,
            decided_at nulls last,
            case decision when 'approved' then 1 else 0 end,
            approval_id
    ) = 1
),

change_counts as (
    select
        release_id,
        count(*) as change_count
    from change_rows
    group by release_id
),

-- The change that decides for all: a rejected one, else the least advanced,
-- else the last that was approved.
deciding_changes as (
    select
        release_id,
        approval_id,
        decision,
        decided_at,
        standing,
        count(*) over (partition by release_id) as decided_count
    from best_approvals
    where decision_source = 'changes'
    qualify row_number() over (
        partition by release_id
        order by
            case
                when standing = 'in_time' and decision = 'rejected' then 0
                when standing = 'unclear' and decision = 'rejected' then 1
                when standing = 'pending' then 2
                when standing = 'late' then 3
                when standing in ('unclear', 'undated') then 4
                else 5
            end,
            decided_at desc nulls first,
            approval_id
    ) = 1
),

decisions as (
    select
        release_id,
        decision_source,
        approval_id,
        decision,
        standing,
        decided_at
    from best_approvals
    where decision_source = 'release'
    union all
    select
        deciding_changes.release_id,
        'changes' as decision_source,
        deciding_changes.approval_id,
        deciding_changes.decision,
        case
            when deciding_changes.standing = 'in_time'
                and deciding_changes.decision = 'rejected' then 'in_time'
            when deciding_changes.decided_count < change_counts.change_count
                then 'partial'
            else deciding_changes.standing
        end as standing,
        deciding_changes.decided_at
    from deciding_changes
    inner join change_counts
        on deciding_changes.release_id = change_counts.release_id
)

select
    release_id,
    decision_source,
    approval_id,
    decision,
    standing,
    decided_at
from decisions
order by release_id, decision_source, approval_id
