-- name: dependency_waits__every_open_one_counted
-- about: The edges count each dependency in force once, and the open ones.
-- grain: one row where the claim is broken
-- key: span_count
-- reads: dependency_spans, dependency_waits
-- columns:
--   span_count  bigint  Dependencies that count.
--   edge_count  bigint  Those of all edges.

with spans as (
    select
        count(*) as span_count,
        count(*) filter (where is_open) as open_count
    from dependency_spans
    where exclusion is null
),

edges as (
    select
        cast(coalesce(sum(dependency_count), 0) as bigint) as edge_count,
        cast(coalesce(sum(open_count), 0) as bigint) as open_count,
        count(*) filter (
            where open_count > dependency_count
            or overdue_count > open_count
            or blocked_days < 0e0
        ) as torn_count
    from dependency_waits
),

broken as (
    select
        spans.span_count,
        edges.edge_count
    from spans
    cross join edges
    where
        spans.span_count <> edges.edge_count
        or spans.open_count <> edges.open_count
        or edges.torn_count > 0
)

select
    span_count,
    edge_count
from broken
order by span_count
