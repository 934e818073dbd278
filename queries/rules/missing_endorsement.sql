-- name: missing_endorsement
-- title: Items committed to without the endorsement of the business
-- about: Whether the business had endorsed an item before it was committed to.
-- action: require business_endorsement
-- compares: at_least
-- thresholds: 1
-- outcomes: failed_deployment, incident, delay, age
-- needs: items, approvals
-- reads: rule_items, approvals_as_of

-- An approval of the kind business_endorsement on the item, approved before.
-- The last one before the commitment counts; one without a date is unknown.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

endorsements as (
    select
        approval_id,
        subject_id as item_id,
        decision,
        decided_at
    from approvals_as_of
    where subject_type = 'item'
        and kind = 'business_endorsement'
        and decision <> 'pending'
),

last_endorsements as (
    select
        item_rows.item_id,
        item_rows.release_id,
        endorsements.decision,
        endorsements.decided_at
    from item_rows
    inner join endorsements
        on item_rows.item_id = endorsements.item_id
        and coalesce(endorsements.decided_at < item_rows.known_at, true)
    qualify row_number() over (
        partition by item_rows.item_id, item_rows.release_id
        order by
            endorsements.decided_at desc nulls last,
            endorsements.approval_id
    ) = 1
),

judged_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        case
            when item_rows.known_at is null then cast(null as double)
            when last_endorsements.item_id is null then 1e0
            when last_endorsements.decided_at is null
                then cast(null as double)
            when last_endorsements.decision = 'approved' then 0e0
            else 1e0
        end as is_missing
    from item_rows
    left join last_endorsements
        on item_rows.item_id = last_endorsements.item_id
        and item_rows.release_id = last_endorsements.release_id
)

select
    'missing_endorsement' as template,
    item_id,
    release_id,
    team,
    known_at,
    is_missing as value,
    cast(null as string) as category
from judged_items
order by template, item_id, release_id
