-- name: queue_by_load
-- about: Time in the queue by releases in flight, and the limit it suggests.
-- grain: one row per number of releases in flight
-- key: load
-- reads: pipeline_queues, pipeline_load
-- columns:
--   load                  bigint   Releases in flight; 10 is ten and more.
--   day_count             bigint   Days with that many.
--   run_count             bigint   Runs that came on them.
--   queue_count           bigint   Of these, whose queueing is known (n).
--   median_queue_minutes  double?  Median of theirs.
--   p85_queue_minutes     double?  85th percentile of theirs.
--   is_few                boolean  Fewer than 5: no part in the limit.
--   is_base               boolean  The lowest load of at least 5.
--   is_over_twice         boolean  Median is more than twice that of the base.
--   is_limit              boolean  The limit: from here on every load of at least
--                                  5 runs is over twice.

-- coverage.md 5.4: "the limit that the data suggests": the load from which on
-- the median queue exceeds twice that of the lowest load. A single bad load with
-- better ones above it suggests none. At most one row is the limit; without one
-- the data suggests none. Where the median of the base is 0, any queue exceeds.

with days as (
    select
        day,
        least(release_count, 10) as load
    from pipeline_load
),

runs as (
    select
        run_id,
        day,
        queue_minutes
    from pipeline_queues
    where day is not null
),

loads as (
    select
        days.load,
        count(distinct days.day) as day_count,
        count(runs.run_id) as run_count,
        count(runs.queue_minutes) as queue_count,
        median(runs.queue_minutes) as median_queue_minutes,
        percentile_cont(0.85) within group (order by runs.queue_minutes)
            as p85_queue_minutes
    from days
    left join runs
        on days.day = runs.day
    group by days.load
),

base as (
    select
        load,
        median_queue_minutes
    from loads
    where queue_count >= 5
    qualify row_number() over (order by load) = 1
),

judged_loads as (
    select
        loads.load,
        loads.day_count,
        loads.run_count,
        loads.queue_count,
        loads.median_queue_minutes,
        loads.p85_queue_minutes,
        loads.queue_count < 5 as is_few,
        coalesce(loads.load = base.load, false) as is_base,
        coalesce(
            loads.queue_count >= 5
            and loads.median_queue_minutes > 2e0 * base.median_queue_minutes,
            false
        ) as is_over_twice
    from loads
    left join base
        on base.load is not null
),

-- The last load that is not over twice: the limit lies above it.
borders as (
    select max(load) as load
    from judged_loads
    where not is_few and not is_over_twice
),

limits as (
    select min(judged_loads.load) as load
    from judged_loads
    inner join borders
        on judged_loads.load > borders.load
    where judged_loads.is_over_twice
)

select
    judged_loads.load,
    judged_loads.day_count,
    judged_loads.run_count,
    judged_loads.queue_count,
    judged_loads.median_queue_minutes,
    judged_loads.p85_queue_minutes,
    judged_loads.is_few,
    judged_loads.is_base,
    judged_loads.is_over_twice,
    coalesce(judged_loads.load = limits.load, false) as is_limit
from judged_loads
cross join limits
order by load
