-- name: sent_back
-- title: Items that had been sent back before they were committed to
-- about: Whether an item had come back from a later stage before its
--   commitment.
-- action: hold
-- compares: at_least
-- thresholds: 1
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items, item_events
-- reads: rule_items, item_stages

-- A stay in a stage that the item came back to, entered before the
-- commitment. Without a change log nobody knows.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

stays as (
    select
        item_id,
        min(entered_at) filter (where is_sent_back) as sent_back_at,
        bool_or(is_logged) as is_logged
    from item_stages
    group by item_id
),

judged_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        case
            when item_rows.known_at is null or not stays.is_logged
                then cast(null as double)
            when stays.sent_back_at < item_rows.known_at then 1e0
            when stays.item_id is not null then 0e0
        end as was_sent_back
    from item_rows
    left join stays
        on item_rows.item_id = stays.item_id
)

select
    'sent_back' as template,
    item_id,
    release_id,
    team,
    known_at,
    was_sent_back as value,
    cast(null as string) as category
from judged_items
order by template, item_id, release_id
