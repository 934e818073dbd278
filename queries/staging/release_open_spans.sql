-- name: release_open_spans
-- about: The times in which an item stood open in a release.
-- grain: one row per release, item and unbroken time
-- key: release_id, item_id, opened_at
-- reads: release_memberships, item_open_spans
-- columns:
--   release_id  string      Release.
--   item_id     string      Tracker key.
--   opened_at   timestamp   When it came in, or was opened while in.
--   ended_at    timestamp?  When it left, or was done; null while open.
--   ended_by    string?     delivered, closed (done without a delivery) or
--                           left; null while open.
--   is_joining  boolean     It began with the item coming in.

-- Both ends at one instant: the work ended, and the item left with it done.

with memberships as (
    select
        release_id,
        item_id,
        joined_at,
        left_at
    from release_memberships
),

open_spans as (
    select
        item_id,
        opened_at,
        closed_at,
        is_delivered
    from item_open_spans
),

shared_spans as (
    select
        memberships.release_id,
        memberships.item_id,
        greatest(memberships.joined_at, open_spans.opened_at) as opened_at,
        case
            when memberships.left_at is null then open_spans.closed_at
            when open_spans.closed_at is null then memberships.left_at
            else least(memberships.left_at, open_spans.closed_at)
        end as ended_at,
        open_spans.closed_at,
        open_spans.is_delivered,
        memberships.joined_at >= open_spans.opened_at as is_joining
    from memberships
    inner join open_spans
        on memberships.item_id = open_spans.item_id
)

select
    release_id,
    item_id,
    opened_at,
    ended_at,
    case
        when ended_at is null then cast(null as string)
        when closed_at is null or closed_at > ended_at then 'left'
        when is_delivered then 'delivered'
        else 'closed'
    end as ended_by,
    is_joining
from shared_spans
where ended_at is null or ended_at > opened_at
order by release_id, item_id, opened_at
