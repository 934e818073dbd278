-- name: blocked_before
-- title: Items that had been blocked before they were committed to
-- about: Whether an item was blocked, or waited on a dependency, before its
--   commitment.
-- action: hold
-- compares: at_least
-- thresholds: 1
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items, item_events or dependencies
-- reads: rule_items, items_as_of, blocked_spans

-- Without a change log nobody knows of an item that was blocked: unknown,
-- unless a dependency says so.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

logged_items as (
    select item_id
    from items_as_of
    where is_rewindable
),

first_blocks as (
    select
        item_id,
        min(started_at) as started_at
    from blocked_spans
    group by item_id
),

judged_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        case
            when first_blocks.started_at < item_rows.known_at then 1e0
            when item_rows.known_at is not null
                and logged_items.item_id is not null then 0e0
        end as was_blocked
    from item_rows
    left join logged_items
        on item_rows.item_id = logged_items.item_id
    left join first_blocks
        on item_rows.item_id = first_blocks.item_id
)

select
    'blocked_before' as template,
    item_id,
    release_id,
    team,
    known_at,
    was_blocked as value,
    cast(null as string) as category
from judged_items
order by template, item_id, release_id
