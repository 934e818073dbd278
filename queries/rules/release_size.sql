-- name: release_size
-- title: Releases that held {threshold} items or more
-- about: How many items were in the release when the item was committed to.
-- action: require release_review
-- compares: at_least
-- thresholds: quartiles
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items, releases
-- reads: rule_items, release_memberships

-- The item itself counts. Items without a stay in the release (a deployment
-- alone holds them) are unknown.

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
        release_id,
        item_id,
        joined_at,
        left_at
    from release_memberships
),

members as (
    select distinct
        release_id,
        item_id
    from stays
),

counted_items as (
    select
        item_rows.release_id,
        item_rows.item_id,
        cast(count(distinct stays.item_id) as double) as item_count
    from item_rows
    inner join stays
        on item_rows.release_id = stays.release_id
        and stays.joined_at <= item_rows.known_at
        and coalesce(stays.left_at > item_rows.known_at, true)
    group by item_rows.release_id, item_rows.item_id
),

sized_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        case
            when members.item_id is not null
                then coalesce(counted_items.item_count, 0e0)
        end as item_count
    from item_rows
    left join members
        on item_rows.release_id = members.release_id
        and item_rows.item_id = members.item_id
    left join counted_items
        on item_rows.release_id = counted_items.release_id
        and item_rows.item_id = counted_items.item_id
)

select
    'release_size' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null then item_count end as value,
    cast(null as string) as category
from sized_items
order by template, item_id, release_id
