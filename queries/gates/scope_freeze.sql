-- name: scope_freeze
-- title: Scope freeze
-- group: packaging
-- about: After its freeze, a release takes in nothing but approved emergency
--   defects.
-- guards: the addition
-- needs: items, releases, scope_changes or item_events
-- reads: table_feeds, items_as_of, late_additions, changes_as_of,
--   release_names, approvals_as_of

-- coverage.md, 3.2: "every addition after the freeze: approved emergency
-- defect, or violation". Such an addition is of a defect or a hotfix; it is
-- declared an emergency, or approved as an emergency_change; it was approved
-- before it was made; and it has a reason, its own or that of the approval.
-- The approval is of the kind emergency_change and about the item, or named by
-- the addition and about its release or one of the release's requests for
-- change; the latest before the addition counts, of several at one instant a
-- rejection. An approval that the addition names, but that is about something
-- else or of another kind, is none. Which additions: late_additions. An item
-- that was added more than once after the freeze has one row, for its worst
-- addition, of equals the latest.

with feeds as (
    select
        count(*) filter (where table_name = 'approvals' and is_fed) > 0
            as has_approvals
    from table_feeds
),

item_rows as (
    select
        item_id,
        team,
        item_type
    from items_as_of
),

additions as (
    select
        release_id,
        item_id,
        move_number,
        nullif(trim(reason), '') as reason,
        approval_id,
        is_emergency,
        is_after_freeze,
        changed_at
    from late_additions
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

approval_rows as (
    select
        approval_id,
        subject_type,
        subject_id,
        kind,
        decision,
        rationale,
        decided_at
    from approvals_as_of
    where kind = 'emergency_change'
),

linked_approvals as (
    select
        additions.release_id,
        additions.item_id,
        additions.move_number,
        additions.changed_at,
        approval_rows.approval_id,
        approval_rows.kind,
        approval_rows.decision,
        approval_rows.rationale,
        approval_rows.decided_at
    from additions
    inner join approval_rows
        on additions.approval_id = approval_rows.approval_id
    left join change_rows
        on approval_rows.subject_type = 'change'
        and approval_rows.subject_id = change_rows.change_id
    where
        (
            approval_rows.subject_type = 'item'
            and approval_rows.subject_id = additions.item_id
        )
        or (
            approval_rows.subject_type = 'release'
            and approval_rows.subject_id = additions.release_id
        )
        or change_rows.release_id = additions.release_id
    union
    select
        additions.release_id,
        additions.item_id,
        additions.move_number,
        additions.changed_at,
        approval_rows.approval_id,
        approval_rows.kind,
        approval_rows.decision,
        approval_rows.rationale,
        approval_rows.decided_at
    from additions
    inner join approval_rows
        on additions.item_id = approval_rows.subject_id
    where approval_rows.subject_type = 'item'
),

timed_approvals as (
    select
        release_id,
        item_id,
        move_number,
        approval_id,
        kind,
        decision,
        rationale,
        decided_at,
        case
            when decision = 'pending' then 'pending'
            when decided_at is null then 'undated'
            when decided_at >= changed_at then 'late'
            else 'in_time'
        end as standing
    from linked_approvals
),

best_approvals as (
    select
        release_id,
        item_id,
        move_number,
        approval_id,
        kind,
        decision,
        rationale,
        decided_at,
        standing
    from timed_approvals
    qualify row_number() over (
        partition by release_id, item_id, move_number
        order by
            case standing
                when 'in_time' then 0
                when 'undated' then 1
                when 'late' then 2
                else 3
            end,
            case when standing = 'in_time' then decided_at end
                desc nulls last,
            decided_at nulls last,
            case decision when 'approved' then 1 else 0 end,
            approval_id
    ) = 1
),

-- Each condition: met, broken, or null where nobody knows.
conditions as (
    select
        additions.release_id,
        additions.item_id,
        additions.move_number,
        additions.changed_at,
        additions.is_after_freeze,
        item_rows.team,
        item_rows.item_type,
        item_rows.item_type in ('defect', 'hotfix') as is_defect,
        case
            when additions.is_emergency
                or best_approvals.kind = 'emergency_change' then true
            else additions.is_emergency
        end as is_emergency,
        case
            when best_approvals.standing = 'in_time'
                then best_approvals.decision = 'approved'
            when best_approvals.standing = 'undated'
                and best_approvals.decision = 'approved'
                then cast(null as boolean)
            when feeds.has_approvals then false
        end as is_approved,
        coalesce(additions.reason, best_approvals.rationale) is not null
            as has_reason,
        best_approvals.approval_id,
        case
            when best_approvals.approval_id is null
                then additions.approval_id
        end as other_approval_id,
        best_approvals.decision,
        best_approvals.decided_at,
        best_approvals.standing,
        feeds.has_approvals
    from additions
    inner join item_rows
        on additions.item_id = item_rows.item_id
    cross join feeds
    left join best_approvals
        on additions.release_id = best_approvals.release_id
        and additions.item_id = best_approvals.item_id
        and additions.move_number = best_approvals.move_number
),

judged_additions as (
    select
        release_id,
        item_id,
        move_number,
        changed_at,
        team,
        approval_id,
        decided_at,
        case
            when is_defect and is_emergency and is_approved and has_reason
                then 'pass'
            when is_after_freeze is null then 'unknown'
            when (is_defect and is_emergency and is_approved and has_reason)
                is null then 'unknown'
            else 'fail'
        end as verdict,
        case
            when is_after_freeze is null
                then 'added to a release whose freeze nobody knows'
            else 'added after the freeze'
        end || case
            when is_defect then ''
            when item_type is null then ', type unknown'
            else ', of type ' || item_type
        end || case
            when is_emergency then ''
            when is_emergency is null then ', not said to be an emergency'
            else ', no emergency'
        end || case
            when is_approved then ', approved before'
            when standing = 'in_time' then ', approval rejected'
            when standing = 'late' then ', approved too late'
            when standing = 'undated' and decision = 'approved'
                then ', approved nobody knows when'
            when standing = 'undated' then ', approval rejected'
            when standing = 'pending' then ', approval pending'
            when has_approvals and other_approval_id is not null
                then ', ' || other_approval_id
                || ' approves no emergency change of it'
            when has_approvals then ', no approval'
            else ', no data: feed `approvals`'
        end || case when has_reason then '' else ', no reason' end as reason
    from conditions
),

worst_additions as (
    select
        release_id,
        item_id,
        changed_at,
        team,
        approval_id,
        decided_at,
        verdict,
        reason,
        count(*) over (partition by release_id, item_id) as addition_count
    from judged_additions
    qualify row_number() over (
        partition by release_id, item_id
        order by
            case verdict when 'fail' then 0 when 'unknown' then 1 else 2 end,
            changed_at desc,
            move_number desc
    ) = 1
)

select
    'scope_freeze' as gate,
    'item' as subject_type,
    item_id as subject_id,
    release_id,
    team,
    verdict,
    item_id || ': ' || reason || case
        when addition_count > 1
            then ' (the worst of ' || cast(addition_count as string)
            || ' additions)'
        else ''
    end as reason,
    approval_id as evidence_id,
    decided_at as evidence_at,
    changed_at as due_at
from worst_additions
order by gate, subject_type, subject_id, release_id
