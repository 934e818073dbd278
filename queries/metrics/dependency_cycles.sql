-- name: dependency_cycles
-- about: Open items that wait for themselves by way of others, spelled out.
-- grain: one row per cycle
-- key: cycle
-- reads: precedence_items, precedence_edges, dependency_rings
-- columns:
--   cycle       bigint  Number of the cycle, from 1: what cutting it frees most
--                       comes first.
--   knot        bigint  Knot of cycles that it belongs to.
--   knot_size   bigint  Items of the knot: each waits for each.
--   item_count  bigint  Items of this cycle.
--   members     string  The cycle: A → B → A says that A needs B, and B needs A.

-- dependency_rings is made by the program between the queries. Of the many
-- cycles that a knot can have, as many are spelled out as it takes for every
-- item of it to be in one, each the shortest through its item. Cutting a cycle
-- loosens its knot: the largest knot comes first, and in it the shortest cycle.

with rings as (
    select
        ring,
        knot,
        knot_size,
        item_count,
        members
    from dependency_rings
)

select
    ring as cycle,
    knot,
    knot_size,
    item_count,
    members
from rings
order by cycle
