-- name: dependency_cycles__every_knot_is_spelled_out
-- about: Every knot of the order has a cycle, and no cycle is without a knot.
-- grain: one row where the claim is broken
-- key: knot
-- reads: delivery_sequence, dependency_cycles
-- columns:
--   knot        bigint   The knot.
--   item_count  bigint?  Its items in the order.

with knots as (
    select
        knot,
        count(*) as item_count
    from delivery_sequence
    where in_cycle
    group by knot
),

cycles as (
    select
        knot,
        max(knot_size) as knot_size,
        sum(item_count) as ring_items
    from dependency_cycles
    group by knot
),

broken as (
    select
        coalesce(knots.knot, cycles.knot) as knot,
        knots.item_count
    from knots
    full join cycles
        on knots.knot = cycles.knot
    where
        knots.item_count is distinct from cycles.knot_size
        or cycles.ring_items < cycles.knot_size
)

select
    knot,
    item_count
from broken
order by knot
