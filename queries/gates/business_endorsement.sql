-- name: business_endorsement
-- title: Business endorsement
-- group: governance
-- about: Every high-impact item of a release is endorsed by the business
--   before the release's scope is taken as its baseline.
-- guards: the scope baseline
-- needs: items, releases, approvals
-- reads: gate_limits, release_moments, release_scope, approvals_as_of
-- limits:
--   user_impact  high  User impact from which an item needs an endorsement

-- coverage.md, 1.3: "high-impact items in a release without an endorsement
-- dated before the scope baseline". An item whose impact is unknown passes
-- with an endorsement; without one nobody knows whether it needs it. A
-- rejection is the last word until somebody decides anew; of several decisions
-- at one instant, it stands. Where the baseline is unknown, an endorsement from
-- before shipping may have come before it or not: unknown.

with limits as (
    select min(case word when 'high' then 3 when 'medium' then 2 else 1 end)
        as least_rank
    from gate_limits
    where gate = 'business_endorsement' and limit_name = 'user_impact'
),

scope as (
    select
        release_id,
        item_id,
        team,
        user_impact,
        case user_impact
            when 'high' then 3
            when 'medium' then 2
            when 'low' then 1
        end as impact_rank
    from release_scope
),

moments as (
    select
        release_id,
        baseline_at,
        shipped_at
    from release_moments
),

subjects as (
    select
        scope.release_id,
        scope.item_id,
        scope.team,
        scope.user_impact,
        moments.baseline_at,
        coalesce(moments.baseline_at, moments.shipped_at) as late_from_at
    from scope
    inner join moments
        on scope.release_id = moments.release_id
    cross join limits
    where coalesce(scope.impact_rank, limits.least_rank) >= limits.least_rank
),

endorsements as (
    select
        approval_id,
        subject_id as item_id,
        decision,
        decided_at
    from approvals_as_of
    where subject_type = 'item' and kind = 'business_endorsement'
),

timed_endorsements as (
    select
        subjects.release_id,
        subjects.item_id,
        endorsements.approval_id,
        endorsements.decision,
        endorsements.decided_at,
        case
            when endorsements.decision = 'pending' then 'pending'
            when endorsements.decided_at is null then 'undated'
            when endorsements.decided_at >= subjects.late_from_at then 'late'
            when subjects.baseline_at is null then 'unclear'
            else 'in_time'
        end as standing
    from subjects
    inner join endorsements
        on subjects.item_id = endorsements.item_id
),

-- The latest decision before the baseline counts; without one, what came
-- nearest is named.
best_endorsements as (
    select
        release_id,
        item_id,
        approval_id,
        decision,
        decided_at,
        standing
    from timed_endorsements
    qualify row_number() over (
        partition by release_id, item_id
        order by
            case standing
                when 'in_time' then 0
                when 'unclear' then 1
                when 'late' then 2
                when 'undated' then 3
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

judged_items as (
    select
        subjects.release_id,
        subjects.item_id,
        subjects.team,
        subjects.user_impact,
        subjects.baseline_at,
        best_endorsements.approval_id,
        best_endorsements.decision,
        best_endorsements.decided_at,
        best_endorsements.standing
    from subjects
    left join best_endorsements
        on subjects.release_id = best_endorsements.release_id
        and subjects.item_id = best_endorsements.item_id
)

select
    'business_endorsement' as gate,
    'item' as subject_type,
    item_id as subject_id,
    release_id,
    team,
    case
        when standing = 'in_time' and decision = 'approved' then 'pass'
        when user_impact is null or standing = 'undated' then 'unknown'
        when standing = 'unclear' and decision = 'approved' then 'unknown'
        else 'fail'
    end as verdict,
    item_id || ': ' || case
        when standing = 'in_time' and decision = 'approved'
            then 'endorsed before the baseline'
        when user_impact is null
            then 'user impact unknown, and no endorsement before the baseline'
        when standing = 'unclear' and decision = 'approved'
            then 'endorsed, but whether before the baseline is unknown'
        when standing in ('in_time', 'unclear')
            then 'the endorsement was rejected'
        when standing = 'late' then 'endorsed after the baseline only'
        when standing = 'undated' then 'the endorsement has no date'
        when standing = 'pending' then 'the endorsement is pending'
        else 'no endorsement'
    end as reason,
    approval_id as evidence_id,
    decided_at as evidence_at,
    baseline_at as due_at
from judged_items
order by gate, subject_type, subject_id, release_id
