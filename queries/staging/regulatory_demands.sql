-- name: regulatory_demands
-- about: The sign-offs that the regulations of each item ask for before its
--   release ships, and what there is of each.
-- grain: one row per release, item, regulation and kind of sign-off
-- key: release_id, item_id, regulation, kind
-- reads: gate_limits, release_moments, release_scope, item_regulations,
--   approvals_as_of
-- columns:
--   release_id   string      Release.
--   item_id      string      Item.
--   team         string?     Its team.
--   regulation   string      GDPR, HIPAA, SOX, ..., in upper case.
--   kind         string      The sign-off: legal, audit, ...
--   ship_due_at  timestamp?  When the release shipped or is to.
--   approval_id  string?     The approval that is nearest to it.
--   decided_at   timestamp?  When that was decided.
--   badness      bigint      0: approved in time; 1: nobody knows when; 2: not
--                            there.
--   words        string      That, in words.

-- coverage.md, 6.2. The latest decision of a kind before shipping counts, of
-- several at one instant a rejection, and the limits of the gate
-- regulatory_signoff say which kinds a regulation asks. Where nobody knows when
-- shipping began, an approval from before its end may have come too late:
-- unknown. A release that was called off asks for nothing.

with kinds as (
    select distinct
        upper(split_part(limit_name, '_', 1)) as regulation,
        lower(word) as kind
    from gate_limits
    where gate = 'regulatory_signoff'
),

scope as (
    select
        release_id,
        item_id,
        team
    from release_scope
),

moments as (
    select
        release_id,
        ship_since_at,
        ship_due_at
    from release_moments
    where not is_called_off
),

regulations as (
    select
        item_id,
        regulation
    from item_regulations
),

named_regulations as (
    select distinct regulation
    from kinds
    where regulation <> 'OTHER'
),

demands as (
    select
        scope.release_id,
        scope.item_id,
        scope.team,
        regulations.regulation,
        kinds.kind,
        moments.ship_since_at,
        moments.ship_due_at
    from scope
    inner join moments
        on scope.release_id = moments.release_id
    inner join regulations
        on scope.item_id = regulations.item_id
    left join named_regulations
        on regulations.regulation = named_regulations.regulation
    inner join kinds
        on coalesce(named_regulations.regulation, 'OTHER') = kinds.regulation
),

signoffs as (
    select
        approval_id,
        subject_id as item_id,
        kind,
        decision,
        decided_at
    from approvals_as_of
    where subject_type = 'item'
),

timed_signoffs as (
    select
        demands.release_id,
        demands.item_id,
        demands.regulation,
        demands.kind,
        signoffs.approval_id,
        signoffs.decision,
        signoffs.decided_at,
        case
            when signoffs.decision = 'pending' then 'pending'
            when signoffs.decided_at is null then 'undated'
            when signoffs.decided_at >= demands.ship_due_at then 'late'
            when signoffs.decided_at < demands.ship_since_at then 'in_time'
            else 'unclear'
        end as standing
    from demands
    inner join signoffs
        on demands.item_id = signoffs.item_id
        and demands.kind = signoffs.kind
),

best_signoffs as (
    select
        release_id,
        item_id,
        regulation,
        kind,
        approval_id,
        decision,
        decided_at,
        standing
    from timed_signoffs
    qualify row_number() over (
        partition by release_id, item_id, regulation, kind
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
)

select
    demands.release_id,
    demands.item_id,
    demands.team,
    demands.regulation,
    demands.kind,
    demands.ship_due_at,
    best_signoffs.approval_id,
    best_signoffs.decided_at,
    cast(case
        when best_signoffs.standing = 'in_time'
            and best_signoffs.decision = 'approved' then 0
        when best_signoffs.standing = 'undated' then 1
        when best_signoffs.standing = 'unclear'
            and best_signoffs.decision = 'approved' then 1
        else 2
    end as bigint) as badness,
    demands.regulation || ' ' || case
        when best_signoffs.standing is null
            then 'without ' || demands.kind || ' sign-off'
        when best_signoffs.standing = 'pending'
            then demands.kind || ' sign-off pending'
        when best_signoffs.standing = 'undated'
            then demands.kind || ' sign-off without a date'
        when best_signoffs.standing = 'late'
            then demands.kind || ' sign-off after shipping only'
        when best_signoffs.standing = 'unclear'
            and best_signoffs.decision = 'approved'
            then demands.kind
            || ' signed off, whether before shipping is unknown'
        when best_signoffs.decision = 'rejected'
            then demands.kind || ' sign-off rejected'
        else demands.kind || ' signed off'
    end as words
from demands
left join best_signoffs
    on demands.release_id = best_signoffs.release_id
    and demands.item_id = best_signoffs.item_id
    and demands.regulation = best_signoffs.regulation
    and demands.kind = best_signoffs.kind
order by release_id, item_id, regulation, kind
