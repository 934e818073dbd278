-- name: delivery_sequence__nothing_before_its_needs
-- about: Outside cycles, every open item comes after the items it needs.
-- grain: one row per item that comes too early
-- key: item_id
-- reads: delivery_sequence, precedence_edges
-- columns:
--   item_id   string  The item.
--   position  bigint  Its place.

with places as (
    select
        item_id,
        position,
        wave,
        knot
    from delivery_sequence
),

needs as (
    select
        item_id,
        needs_id
    from precedence_edges
    where needs_kind = 'item'
),

broken as (
    select
        places.item_id,
        places.position
    from needs
    inner join places
        on needs.item_id = places.item_id
    inner join places as needed_places
        on needs.needs_id = needed_places.item_id
    where
        (
            places.knot is null
            or needed_places.knot is null
            or places.knot <> needed_places.knot
        )
        and (
            places.position <= needed_places.position
            or places.wave <= needed_places.wave
        )
)

select
    item_id,
    position
from broken
group by item_id, position
order by item_id
