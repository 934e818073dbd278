-- name: queue_by_load__every_run_once
-- about: Each run of a day is under one load, and there is at most one limit.
-- grain: one row that breaks the claim
-- key: run_count
-- reads: pipeline_load, queue_by_load
-- columns:
--   run_count  bigint  Runs under the loads.

with days as (
    select
        cast(coalesce(sum(run_count), 0) as bigint) as run_count,
        cast(coalesce(sum(queue_count), 0) as bigint) as queue_count
    from pipeline_load
),

loads as (
    select
        cast(coalesce(sum(run_count), 0) as bigint) as run_count,
        cast(coalesce(sum(queue_count), 0) as bigint) as queue_count,
        count(*) filter (where is_limit) as limit_count
    from queue_by_load
)

select loads.run_count
from loads
cross join days
where
    loads.run_count <> days.run_count
    or loads.queue_count <> days.queue_count
    or loads.limit_count > 1
order by run_count
