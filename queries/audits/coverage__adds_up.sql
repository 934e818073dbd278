-- name: coverage__adds_up
-- about: For each metric, rows in are rows used plus rows dropped.
-- grain: one row per metric that breaks the claim
-- key: metric
-- reads: coverage
-- columns:
--   metric         string  Metric.
--   in_count       bigint  Rows in.
--   counted_count  bigint  Rows used and dropped.

with ledger as (
    select
        metric,
        kind,
        row_count
    from coverage
),

totals as (
    select
        metric,
        cast(
            coalesce(sum(row_count) filter (where kind = 'in'), 0) as bigint
        ) as in_count,
        cast(
            coalesce(sum(row_count) filter (where kind <> 'in'), 0) as bigint
        ) as counted_count,
        min(row_count) as least_count
    from ledger
    group by metric
),

broken as (
    select
        metric,
        in_count,
        counted_count
    from totals
    where in_count <> counted_count or least_count < 0
)

select
    metric,
    in_count,
    counted_count
from broken
order by metric
