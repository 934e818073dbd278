-- name: dependency_matrix__parts_add_up
-- about: The cells of the matrix hold every edge once, and all its days.
-- grain: one row where the claim is broken
-- key: edge_count
-- reads: dependency_matrix, dependency_waits
-- columns:
--   edge_count  bigint  Edges there are.
--   cell_count  bigint  Edges in the cells.

with edges as (
    select
        count(*) as edge_count,
        coalesce(sum(dependency_count), 0) as dependency_count,
        coalesce(sum(open_count), 0) as open_count,
        coalesce(sum(overdue_count), 0) as overdue_count,
        coalesce(sum(blocked_days), 0e0) as blocked_days
    from dependency_waits
),

cells as (
    select
        cast(coalesce(sum(edge_count), 0) as bigint) as edge_count,
        coalesce(sum(dependency_count), 0) as dependency_count,
        coalesce(sum(open_count), 0) as open_count,
        coalesce(sum(overdue_count), 0) as overdue_count,
        coalesce(sum(blocked_days), 0e0) as blocked_days,
        coalesce(max(row_position), 0) as row_count,
        coalesce(max(column_position), 0) as column_count
    from dependency_matrix
),

broken as (
    select
        edges.edge_count,
        cells.edge_count as cell_count
    from edges
    cross join cells
    where
        edges.edge_count <> cells.edge_count
        or edges.dependency_count <> cells.dependency_count
        or edges.open_count <> cells.open_count
        or edges.overdue_count <> cells.overdue_count
        or abs(edges.blocked_days - cells.blocked_days)
        > 1e-6 * greatest(edges.blocked_days, 1e0)
        or cells.row_count > 25
        or cells.column_count > 25
)

select
    edge_count,
    cell_count
from broken
order by edge_count
