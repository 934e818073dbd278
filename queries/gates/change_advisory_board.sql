-- name: change_advisory_board
-- title: Change advisory board
-- group: governance
-- about: No release ships with high-risk items that the change advisory board
--   has not approved, or with open risks that have no mitigation.
-- guards: shipping
-- needs: items, releases, approvals
-- reads: table_feeds, gate_limits, release_moments, release_scope,
--   release_risks, cab_decisions, approvals_as_of
-- limits:
--   risk_score  15  Likelihood times impact from which an open risk is high

-- coverage.md, 3.4: "releases with high-risk items without a CAB decision, or
-- with open risks without mitigation". High is an item of the high risk tier,
-- or one with an open risk of such a score; a risk of the release alone makes
-- the release high. The board decides on the release, on its requests for
-- change, or on each such item. Its last word before shipping counts; one on
-- the release stands over those on items; at one instant a rejection stands.
-- Where nobody knows when shipping began, an approval from before its end may
-- have come too late: unknown. Where no source feeds risks, the half about
-- open risks is unknown, of every release. A mitigation that is blank is none,
-- whatever the status; a risk raised once the release had shipped is not asked
-- about. Where the tier or the score is unknown, nobody knows whether a
-- decision is needed, unless there is one. A release with neither high nor
-- unknown nor open risks has no row, nor has one that was called off before it
-- shipped.

with feeds as (
    select
        count(*) filter (where table_name = 'risks' and is_fed) > 0
            as has_risks
    from table_feeds
),

limits as (
    select max(number) as risk_score
    from gate_limits
    where gate = 'change_advisory_board' and limit_name = 'risk_score'
),

moments as (
    select
        release_id,
        ship_since_at,
        ship_due_at
    from release_moments
    where not is_called_off
),

open_risks as (
    select
        release_id,
        risk_id,
        item_id,
        is_mitigated,
        least_score,
        most_score
    from release_risks
    where is_open
),

-- A row without an item is about the release itself.
grounds as (
    select
        release_id,
        item_id,
        coalesce(risk_tier = 'high', false) as is_high
    from release_scope
    where coalesce(risk_tier, 'high') = 'high'
    union all
    select
        open_risks.release_id,
        open_risks.item_id,
        open_risks.least_score >= limits.risk_score as is_high
    from open_risks
    cross join limits
    where open_risks.most_score >= limits.risk_score
),

subjects as (
    select
        release_id,
        item_id,
        bool_or(is_high) as is_high
    from grounds
    group by release_id, item_id
),

item_approvals as (
    select
        approval_id,
        subject_id as item_id,
        decision,
        decided_at
    from approvals_as_of
    where subject_type = 'item' and kind = 'cab' and decision <> 'pending'
),

-- The last word before shipping on each item, or one that nobody can date.
best_item_approvals as (
    select
        moments.release_id,
        item_approvals.item_id,
        item_approvals.approval_id,
        item_approvals.decision,
        item_approvals.decided_at,
        coalesce(item_approvals.decided_at < moments.ship_since_at, false)
            as is_in_time
    from moments
    inner join subjects
        on moments.release_id = subjects.release_id
    inner join item_approvals
        on subjects.item_id = item_approvals.item_id
    where coalesce(item_approvals.decided_at < moments.ship_due_at, true)
    qualify row_number() over (
        partition by moments.release_id, item_approvals.item_id
        order by
            case
                when item_approvals.decided_at < moments.ship_since_at then 0
                when item_approvals.decision = 'approved' then 1
                else 2
            end,
            item_approvals.decided_at desc nulls last,
            case item_approvals.decision when 'approved' then 1 else 0 end,
            item_approvals.approval_id
    ) = 1
),

judged_subjects as (
    select
        subjects.release_id,
        subjects.item_id,
        subjects.is_high,
        coalesce(
            best_item_approvals.decision = 'approved'
            and best_item_approvals.is_in_time,
            false
        ) as is_approved,
        coalesce(
            best_item_approvals.decision = 'approved'
            and not best_item_approvals.is_in_time,
            false
        ) as is_undated,
        best_item_approvals.approval_id,
        best_item_approvals.decided_at
    from subjects
    left join best_item_approvals
        on subjects.release_id = best_item_approvals.release_id
        and subjects.item_id = best_item_approvals.item_id
),

subject_counts as (
    select
        release_id,
        count(*) as subject_count,
        count(*) filter (where is_high) as high_count,
        count(*) filter (where is_approved) as approved_count,
        count(*) filter (where is_high and not is_approved and not is_undated)
            as missing_count,
        coalesce(
            min(item_id) filter (where is_high),
            min(item_id) filter (where not is_high),
            'the release itself'
        ) as first_item,
        coalesce(
            min(item_id) filter (
                where is_high and not is_approved and not is_undated
            ),
            'the release itself'
        ) as first_missing
    from judged_subjects
    group by release_id
),

last_item_approvals as (
    select
        release_id,
        approval_id,
        decided_at
    from judged_subjects
    where is_approved
    qualify row_number() over (
        partition by release_id
        order by decided_at desc, approval_id
    ) = 1
),

risk_counts as (
    select
        release_id,
        count(*) as open_count,
        count(*) filter (where not is_mitigated) as bare_count,
        min(risk_id) filter (where not is_mitigated) as first_bare
    from open_risks
    group by release_id
),

release_decisions as (
    select
        release_id,
        approval_id,
        decision,
        standing,
        decided_at
    from cab_decisions
    qualify row_number() over (
        partition by release_id
        order by
            case standing
                when 'in_time' then 0
                when 'unclear' then 1
                when 'undated' then 2
                when 'late' then 3
                when 'partial' then 4
                else 5
            end,
            case when standing = 'unclear' and decision = 'approved' then 0
                else 1
            end,
            case when standing = 'in_time' then decided_at end
                desc nulls last,
            decided_at nulls last,
            case decision when 'approved' then 1 else 0 end,
            decision_source,
            approval_id
    ) = 1
),

joined_releases as (
    select
        moments.release_id,
        moments.ship_due_at,
        coalesce(subject_counts.subject_count, 0) as subject_count,
        coalesce(subject_counts.high_count, 0) as high_count,
        coalesce(subject_counts.approved_count, 0) as approved_count,
        coalesce(subject_counts.missing_count, 0) as missing_count,
        subject_counts.first_item,
        subject_counts.first_missing,
        last_item_approvals.approval_id as item_approval_id,
        last_item_approvals.decided_at as item_decided_at,
        coalesce(risk_counts.open_count, 0) as open_count,
        coalesce(risk_counts.bare_count, 0) as bare_count,
        risk_counts.first_bare,
        release_decisions.approval_id,
        release_decisions.decision,
        release_decisions.standing,
        release_decisions.decided_at,
        feeds.has_risks
    from moments
    cross join feeds
    left join subject_counts
        on moments.release_id = subject_counts.release_id
    left join last_item_approvals
        on moments.release_id = last_item_approvals.release_id
    left join risk_counts
        on moments.release_id = risk_counts.release_id
    left join release_decisions
        on moments.release_id = release_decisions.release_id
    where subject_counts.release_id is not null
        or risk_counts.release_id is not null
        or not feeds.has_risks
),

board_states as (
    select
        release_id,
        ship_due_at,
        subject_count,
        high_count,
        approved_count,
        missing_count,
        first_item,
        first_missing,
        item_approval_id,
        item_decided_at,
        open_count,
        bare_count,
        first_bare,
        approval_id,
        decided_at,
        standing,
        has_risks,
        case
            when subject_count = 0 then 'not_needed'
            when standing = 'in_time' and decision = 'approved'
                then 'approved'
            when standing = 'in_time' and high_count > 0 then 'rejected'
            when standing = 'in_time' then 'unknown'
            when approved_count = subject_count then 'items_approved'
            when standing = 'undated' and decision = 'approved' then 'undated'
            when standing = 'unclear' and decision = 'approved' then 'unclear'
            when missing_count = 0 then 'unknown'
            else 'missing'
        end as board_state
    from joined_releases
)

select
    'change_advisory_board' as gate,
    'release' as subject_type,
    release_id as subject_id,
    release_id,
    cast(null as string) as team,
    case
        when board_state in ('rejected', 'missing') or bare_count > 0
            then 'fail'
        when board_state in ('undated', 'unclear', 'unknown')
            or not has_risks then 'unknown'
        else 'pass'
    end as verdict,
    release_id || ': ' || case
        when subject_count = 0 then 'no high risk'
        when high_count = 0 then 'risk unknown (' || first_item
        else 'high risk (' || first_item
    end || case
        when subject_count = 0 then ''
        when high_count > 1
            then ' and ' || cast(high_count - 1 as string) || ' more)'
        when high_count = 0 and subject_count > 1
            then ' and ' || cast(subject_count - 1 as string) || ' more)'
        else ')'
    end || case board_state
        when 'not_needed' then ''
        when 'approved' then ', approved by the CAB'
        when 'rejected' then ', rejected by the CAB'
        when 'items_approved' then ', each approved by the CAB'
        when 'undated' then ', CAB decision without a date'
        when 'unclear'
            then ', approved by the CAB, whether before shipping is unknown'
        when 'missing' then
            case
                when approved_count > 0
                    then ', no CAB decision on ' || first_missing
                when standing = 'late' then ', CAB decision too late'
                when standing = 'partial'
                    then ', CAB decision on some changes only'
                when standing = 'pending' then ', CAB decision pending'
                else ', no CAB decision'
            end
        when 'unknown' then
            case
                when standing = 'in_time' then ', rejected by the CAB'
                when high_count = 0 then ', no CAB decision'
                else ', CAB decision undated or on some items only'
            end
        else ''
    end || case
        when not has_risks
            then '; open risks unknown, no data: feed `risks`'
        when bare_count > 1 then
            '; open risks without mitigation (' || first_bare || ' and '
            || cast(bare_count - 1 as string) || ' more)'
        when bare_count = 1
            then '; open risk ' || first_bare || ' without mitigation'
        when open_count > 0
            then '; open risks mitigated: ' || cast(open_count as string)
        else ''
    end as reason,
    case
        when board_state = 'items_approved' then item_approval_id
        when subject_count > 0 then approval_id
    end as evidence_id,
    case
        when board_state = 'items_approved' then item_decided_at
        when subject_count > 0 then decided_at
    end as evidence_at,
    ship_due_at as due_at
from board_states
order by gate, subject_type, subject_id, release_id
