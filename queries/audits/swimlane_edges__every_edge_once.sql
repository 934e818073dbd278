-- name: swimlane_edges__every_edge_once
-- about: Every open item that needs an open item has its edge.
-- grain: one row where the claim is broken
-- key: need_count
-- reads: precedence_edges, swimlane_edges
-- columns:
--   need_count  bigint  Needs of open items.
--   edge_count  bigint  Edges.

with needs as (
    select count(*) as need_count
    from precedence_edges
    where needs_kind = 'item'
),

edges as (
    select count(*) as edge_count
    from swimlane_edges
),

broken as (
    select
        needs.need_count,
        edges.edge_count
    from needs
    cross join edges
    where needs.need_count <> edges.edge_count
)

select
    need_count,
    edge_count
from broken
order by need_count
