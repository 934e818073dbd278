-- name: item_open_spans
-- about: The times in which each item stood open, up to the as-of.
-- grain: one row per item and unbroken time in which it was open
-- key: item_id, opened_at
-- reads: items_as_of, item_stages, deliveries
-- columns:
--   item_id       string      Tracker key.
--   opened_at     timestamp   When it became open: its creation, or reopened;
--                             1970 where nobody knows since when.
--   closed_at     timestamp?  When it was done or closed; null while open.
--   is_delivered  boolean     Delivered when that time ended.

-- Definition, Aging: open is what is neither delivered nor in a done stage; an
-- item that came back out of a done stage is open again, and one whose status
-- has no stage is closed by its resolution. Here the same is said of every
-- instant up to the as-of, not of the as-of alone.

with item_rows as (
    select
        item_id,
        created_at,
        resolved_at
    from items_as_of
),

stays as (
    select
        item_id,
        kind,
        entered_at,
        left_at,
        span_number
    from item_stages
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

first_closings as (
    select
        item_id,
        min(span_number) as span_number
    from stays
    where kind = 'done'
    group by item_id
),

-- Where the start of a stay is unknown, as of one that no log has, it is the
-- item's; so is that of the first.
open_stays as (
    select
        item_rows.item_id,
        case
            when stays.span_number > 1 and stays.entered_at is not null
                then stays.entered_at
            else coalesce(
                item_rows.created_at,
                stays.entered_at,
                cast('1970-01-01 00:00:00' as timestamp)
            )
        end as opened_at,
        stays.left_at,
        case
            when stays.kind is null
                then least(
                    coalesce(
                        delivered_items.delivered_at, item_rows.resolved_at
                    ),
                    coalesce(
                        item_rows.resolved_at, delivered_items.delivered_at
                    )
                )
            when first_closings.span_number < stays.span_number
                then cast(null as timestamp)
            else delivered_items.delivered_at
        end as cut_at,
        delivered_items.delivered_at
    from item_rows
    left join stays
        on item_rows.item_id = stays.item_id
    left join first_closings
        on item_rows.item_id = first_closings.item_id
    left join delivered_items
        on item_rows.item_id = delivered_items.item_id
    where stays.kind is distinct from 'done'
),

-- Before the first known stay, where that is in a done stage, it was open.
unlogged_stays as (
    select
        item_rows.item_id,
        coalesce(
            item_rows.created_at, cast('1970-01-01 00:00:00' as timestamp)
        ) as opened_at,
        stays.entered_at as left_at,
        delivered_items.delivered_at
    from item_rows
    inner join stays
        on item_rows.item_id = stays.item_id
        and stays.span_number = 1
        and stays.kind = 'done'
        and stays.entered_at is not null
    left join delivered_items
        on item_rows.item_id = delivered_items.item_id
),

cut_stays as (
    select
        item_id,
        opened_at,
        case
            when cut_at is null then left_at
            when left_at is null then cut_at
            else least(left_at, cut_at)
        end as closed_at,
        delivered_at
    from open_stays
    union all
    select
        item_id,
        opened_at,
        least(left_at, coalesce(delivered_at, left_at)) as closed_at,
        delivered_at
    from unlogged_stays
),

kept_stays as (
    select
        item_id,
        opened_at,
        closed_at,
        delivered_at,
        case
            when opened_at <= max(
                coalesce(closed_at, cast('2999-01-01 00:00:00' as timestamp))
            ) over (
                partition by item_id
                order by opened_at, closed_at nulls last
                rows between unbounded preceding and 1 preceding
            )
                then 0
            else 1
        end as is_start
    from cut_stays
    where closed_at is null or closed_at > opened_at
),

numbered_stays as (
    select
        item_id,
        opened_at,
        closed_at,
        delivered_at,
        sum(is_start) over (
            partition by item_id
            order by opened_at, closed_at nulls last
            rows between unbounded preceding and current row
        ) as span_number
    from kept_stays
),

spans as (
    select
        item_id,
        min(opened_at) as opened_at,
        case
            when count(closed_at) = count(*) then max(closed_at)
        end as closed_at,
        min(delivered_at) as delivered_at
    from numbered_stays
    group by item_id, span_number
)

select
    item_id,
    opened_at,
    closed_at,
    coalesce(delivered_at <= closed_at, false) as is_delivered
from spans
order by item_id, opened_at
