-- name: refinement_before_planning
-- title: Refinement before planning
-- group: dependencies
-- about: Every item that was committed to had its feasibility, its estimate
--   and its constraints before.
-- guards: the item's commitment
-- needs: items
-- reads: items, items_as_of, item_history, item_stages, item_commitments,
--   release_scope, approvals_as_of

-- coverage.md, 2.2: "feasibility, estimate and constraints present before
-- commitment". An item that is not committed to has no row. Where the log
-- carries a field, its value just before the commitment counts; what came at
-- that instant came too late. Else the item is taken as it stands, as nobody
-- knows better; what is missing then fails. Of an item that nobody knows the
-- commitment of, what is there may have come afterwards: unknown. An estimate
-- is a number above zero, in hours or points. An approval of the kind
-- feasibility answers for the feasibility too: approved is feasible, rejected
-- is not.
--   missing   blank, or the word unknown: not found out is not there.
--   not fed   no item has a value: the export may not carry the field, so
--             that nobody knows.
--   unclear   a word that is not the contract's, or nothing to say whether it
--             was before the commitment.

with item_rows as (
    select
        items_as_of.item_id,
        items_as_of.team,
        items_as_of.feasibility,
        nullif(trim(items.constraints), '') as constraints
    from items_as_of
    inner join items
        on items_as_of.item_id = items.item_id
),

commitments as (
    select
        item_id,
        committed_at
    from item_commitments
),

-- Past the backlog, but nobody knows since when.
undated_items as (
    select item_id
    from item_stages
    where left_at is null and not is_logged and kind <> 'backlog'
),

committed_items as (
    select
        item_rows.item_id,
        item_rows.team,
        item_rows.feasibility,
        item_rows.constraints,
        commitments.committed_at
    from item_rows
    left join commitments
        on item_rows.item_id = commitments.item_id
    left join undated_items
        on item_rows.item_id = undated_items.item_id
    where commitments.item_id is not null
        or undated_items.item_id is not null
),

periods as (
    select
        item_id,
        case
            when field in ('estimate_hours', 'story_points') then 'estimate'
            else field
        end as field,
        case
            when field in ('estimate_hours', 'story_points')
                then case when try_cast(value as double) > 0e0 then value end
            else nullif(trim(value), '')
        end as value,
        origin,
        started_at,
        ended_at
    from item_history
    where field in (
        'estimate_hours', 'story_points', 'feasibility', 'constraints'
    )
),

logged_fields as (
    select
        item_id,
        bool_or(field = 'feasibility') as is_feasibility_logged,
        bool_or(field = 'constraints') as is_constraints_logged,
        bool_or(field = 'estimate' and origin = 'event')
            as is_estimate_logged,
        bool_or(field = 'estimate' and value is not null) as was_estimated
    from periods
    group by item_id
),

values_before as (
    select
        committed_items.item_id,
        max(periods.value) filter (where periods.field = 'feasibility')
            as feasibility,
        max(periods.value) filter (where periods.field = 'constraints')
            as constraints,
        max(periods.value) filter (where periods.field = 'estimate')
            as estimate
    from committed_items
    inner join periods
        on committed_items.item_id = periods.item_id
        and (
            periods.origin <> 'event'
            or committed_items.committed_at is null
            or periods.started_at < committed_items.committed_at
        )
        and (
            periods.ended_at is null
            or periods.ended_at >= committed_items.committed_at
        )
    group by committed_items.item_id
),

feasibility_approvals as (
    select
        approval_id,
        subject_id as item_id,
        decision,
        decided_at
    from approvals_as_of
    where subject_type = 'item'
        and kind = 'feasibility'
        and decision <> 'pending'
),

-- The latest one before the commitment counts, or one that nobody can date.
best_approvals as (
    select
        committed_items.item_id,
        feasibility_approvals.approval_id,
        feasibility_approvals.decision,
        feasibility_approvals.decided_at,
        feasibility_approvals.decided_at < committed_items.committed_at
            as is_in_time
    from committed_items
    inner join feasibility_approvals
        on committed_items.item_id = feasibility_approvals.item_id
    where coalesce(
        feasibility_approvals.decided_at < committed_items.committed_at, true
    )
    qualify row_number() over (
        partition by committed_items.item_id
        order by
            feasibility_approvals.decided_at desc nulls last,
            case feasibility_approvals.decision when 'approved' then 1 else 0
            end,
            feasibility_approvals.approval_id
    ) = 1
),

item_fields as (
    select
        count(feasibility) > 0 as has_feasibility,
        count(constraints) > 0 as has_constraints
    from item_rows
),

period_fields as (
    select
        count(*) filter (where field = 'feasibility') > 0 as has_feasibility,
        count(*) filter (where field = 'constraints') > 0 as has_constraints,
        count(value) filter (where field = 'estimate') > 0 as has_estimates
    from periods
),

approval_fields as (
    select count(*) > 0 as has_feasibility
    from feasibility_approvals
),

fed_fields as (
    select
        item_fields.has_feasibility
        or period_fields.has_feasibility
        or approval_fields.has_feasibility as has_feasibility,
        item_fields.has_constraints
        or period_fields.has_constraints as has_constraints,
        period_fields.has_estimates
    from item_fields
    cross join period_fields
    cross join approval_fields
),

found_values as (
    select
        committed_items.item_id,
        committed_items.team,
        committed_items.committed_at,
        coalesce(logged_fields.is_feasibility_logged, false)
            as is_feasibility_logged,
        coalesce(logged_fields.is_constraints_logged, false)
            as is_constraints_logged,
        coalesce(logged_fields.is_estimate_logged, false)
            as is_estimate_logged,
        coalesce(logged_fields.was_estimated, false) as was_estimated,
        case
            when logged_fields.is_feasibility_logged
                then lower(values_before.feasibility)
            when best_approvals.is_in_time
                and best_approvals.decision = 'approved' then 'feasible'
            when best_approvals.is_in_time then 'infeasible'
            else committed_items.feasibility
        end as feasibility,
        case
            when logged_fields.is_constraints_logged
                then values_before.constraints
            else committed_items.constraints
        end as constraints,
        values_before.estimate,
        case
            when not coalesce(logged_fields.is_feasibility_logged, false)
                then best_approvals.approval_id
        end as approval_id,
        case
            when not coalesce(logged_fields.is_feasibility_logged, false)
                then best_approvals.decided_at
        end as decided_at
    from committed_items
    left join logged_fields
        on committed_items.item_id = logged_fields.item_id
    left join values_before
        on committed_items.item_id = values_before.item_id
    left join best_approvals
        on committed_items.item_id = best_approvals.item_id
),

field_states as (
    select
        found_values.item_id,
        found_values.team,
        found_values.committed_at,
        case
            when found_values.committed_at is null
                and found_values.is_feasibility_logged then 'unclear'
            when found_values.feasibility = 'infeasible' then 'infeasible'
            when found_values.feasibility = 'feasible' then 'there'
            when found_values.feasibility <> 'unknown' then 'unclear'
            when found_values.approval_id is not null then 'unclear'
            when fed_fields.has_feasibility then 'missing'
            else 'not_fed'
        end as feasibility_state,
        case
            when found_values.committed_at is null
                and found_values.is_estimate_logged then 'unclear'
            when found_values.estimate is not null then 'there'
            when found_values.was_estimated then 'late'
            when fed_fields.has_estimates then 'missing'
            else 'not_fed'
        end as estimate_state,
        case
            when found_values.committed_at is null
                and found_values.is_constraints_logged then 'unclear'
            when found_values.constraints is not null then 'there'
            when fed_fields.has_constraints then 'missing'
            else 'not_fed'
        end as constraints_state,
        found_values.approval_id,
        found_values.decided_at
    from found_values
    cross join fed_fields
),

judged_items as (
    select
        item_id,
        team,
        committed_at,
        approval_id,
        decided_at,
        case
            when feasibility_state in ('infeasible', 'missing')
                or estimate_state in ('late', 'missing')
                or constraints_state = 'missing' then 'fail'
            when committed_at is not null
                and feasibility_state = 'there'
                and estimate_state = 'there'
                and constraints_state = 'there' then 'pass'
            else 'unknown'
        end as verdict,
        case feasibility_state
            when 'infeasible' then ', though infeasible'
            when 'missing' then ', without its feasibility'
            when 'unclear' then ', feasibility unclear'
            when 'not_fed' then ', feasibility in no item'
            else ''
        end || case estimate_state
            when 'late' then ', without an estimate at the time'
            when 'missing' then ', without an estimate'
            when 'unclear' then ', estimate unclear'
            when 'not_fed' then ', estimate in no item'
            else ''
        end || case constraints_state
            when 'missing' then ', without its constraints'
            when 'unclear' then ', constraints unclear'
            when 'not_fed' then ', constraints in no item'
            else ''
        end || case
            when committed_at is null then ', nobody knows when'
            else ''
        end as flaws
    from field_states
),

scope as (
    select
        release_id,
        item_id
    from release_scope
)

select
    'refinement_before_planning' as gate,
    'item' as subject_type,
    judged_items.item_id as subject_id,
    scope.release_id,
    judged_items.team,
    judged_items.verdict,
    judged_items.item_id || ': ' || case judged_items.verdict
        when 'pass' then 'committed to with feasibility, estimate, constraints'
        else 'committed to' || judged_items.flaws
    end as reason,
    judged_items.approval_id as evidence_id,
    judged_items.decided_at as evidence_at,
    judged_items.committed_at as due_at
from judged_items
left join scope
    on judged_items.item_id = scope.item_id
order by gate, subject_type, subject_id, release_id
