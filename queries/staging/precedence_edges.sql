-- name: precedence_edges
-- about: What each open item still needs before it can be done.
-- grain: one row per open item and thing that it needs
-- key: item_id, needs_kind, needs_id
-- reads: dependency_spans, aging, item_directory
-- columns:
--   item_id     string  The open item.
--   needs_kind  string  item: an open one; else unknown_item, service,
--                       data_platform or vendor.
--   needs_id    string  What it needs.

-- An open dependency on an item that is done needs nothing more: it orders
-- nothing. One on an item that no export has stays, as something outside.

with open_spans as (
    select
        item_id,
        depends_on,
        kind
    from dependency_spans
    where is_open and exclusion is null
),

open_items as (
    select item_id
    from aging
),

known_items as (
    select item_id
    from item_directory
),

needs as (
    select
        open_spans.item_id,
        case
            when open_spans.kind = 'item' and open_items.item_id is null
                then 'unknown_item'
            else open_spans.kind
        end as needs_kind,
        open_spans.depends_on as needs_id
    from open_spans
    left join open_items
        on open_spans.depends_on = open_items.item_id
    left join known_items
        on open_spans.depends_on = known_items.item_id
    where
        open_spans.kind <> 'item'
        or open_items.item_id is not null
        or known_items.item_id is null
)

select
    item_id,
    needs_kind,
    needs_id
from needs
order by item_id, needs_kind, needs_id
