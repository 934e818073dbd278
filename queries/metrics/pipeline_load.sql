-- name: pipeline_load
-- about: Releases in flight in the pipelines, and time in the queue, day by day.
-- grain: one row per local day on which a run was queued, waiting or running
-- key: day
-- reads: calendar, pipeline_queues
-- columns:
--   day                    date     Local day.
--   iso_week               string   Its ISO week.
--   release_count          bigint   Releases of which a run was queued, waiting
--                                   or running that day.
--   run_count              bigint   Runs that came that day.
--   unassigned_count       bigint   Of these, of no known release.
--   queue_count            bigint   Of these, whose queueing is known.
--   median_queue_minutes   double?  Median of theirs.
--   longest_queue_minutes  double?  The longest of theirs.

-- coverage.md 5.4. A run comes when it is queued; without that instant, when it
-- starts. A run of no known release loads no release, and is counted apart.

with days as (
    select
        day,
        iso_week,
        start_at
    from calendar
),

runs as (
    select
        run_id,
        release_id,
        day,
        until_at,
        queue_minutes
    from pipeline_queues
    where day is not null
),

busy_days as (
    select distinct
        days.day,
        days.iso_week,
        runs.release_id
    from runs
    inner join days
        on days.day >= runs.day
        and (days.day = runs.day or days.start_at < runs.until_at)
),

loads as (
    select
        day,
        iso_week,
        count(release_id) as release_count
    from busy_days
    group by day, iso_week
),

arrivals as (
    select
        day,
        count(*) as run_count,
        count(*) filter (where release_id is null) as unassigned_count,
        count(queue_minutes) as queue_count,
        median(queue_minutes) as median_queue_minutes,
        max(queue_minutes) as longest_queue_minutes
    from runs
    group by day
)

select
    loads.day,
    loads.iso_week,
    loads.release_count,
    coalesce(arrivals.run_count, 0) as run_count,
    coalesce(arrivals.unassigned_count, 0) as unassigned_count,
    coalesce(arrivals.queue_count, 0) as queue_count,
    arrivals.median_queue_minutes,
    arrivals.longest_queue_minutes
from loads
left join arrivals
    on loads.day = arrivals.day
order by day
