-- name: pipeline_queues
-- about: Each pipeline run with its release, its day and its time in the queue.
-- grain: one row per run queued or started by the as-of
-- key: run_id
-- reads: params, local_days, pipeline_runs, items_as_of
-- columns:
--   run_id         string      Run.
--   pipeline       string      Pipeline.
--   stage          string      build, test, deploy, ...
--   team           string?     Team.
--   item_id        string?     Item it was run for.
--   release_id     string?     Its release, else that of its item.
--   queued_at      timestamp?  When it was queued.
--   from_at        timestamp   When it was queued, else its start.
--   until_at       timestamp   Its end, or the as-of while it waits or runs.
--   day            date?       Local day of from_at.
--   queue_minutes  double?     Queued to started; null where it is unknown, or
--                              the start is before the queueing.
--   is_waiting     boolean     Queued by the as-of and not started by it.

-- A run that has ended without anybody saying when is taken to end with its
-- start. The release of a run for an item is that of the item at the as-of.

with instant as (
    select as_of
    from params
),

days as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

item_rows as (
    select
        item_id,
        release_id
    from items_as_of
),

run_rows as (
    select
        pipeline_runs.run_id,
        pipeline_runs.pipeline,
        pipeline_runs.stage,
        pipeline_runs.team,
        pipeline_runs.item_id,
        coalesce(pipeline_runs.release_id, item_rows.release_id)
            as release_id,
        pipeline_runs.queued_at,
        pipeline_runs.started_at,
        least(
            coalesce(pipeline_runs.queued_at, pipeline_runs.started_at),
            pipeline_runs.started_at
        ) as from_at,
        greatest(
            case
                when pipeline_runs.started_at > instant.as_of
                    then instant.as_of
                when pipeline_runs.finished_at <= instant.as_of
                    then pipeline_runs.finished_at
                when
                    pipeline_runs.finished_at > instant.as_of
                    or pipeline_runs.result = 'running'
                    then instant.as_of
                else pipeline_runs.started_at
            end,
            least(
                coalesce(pipeline_runs.queued_at, pipeline_runs.started_at),
                pipeline_runs.started_at
            )
        ) as until_at,
        pipeline_runs.started_at > instant.as_of as is_waiting
    from pipeline_runs
    cross join instant
    left join item_rows
        on pipeline_runs.item_id = item_rows.item_id
    where
        pipeline_runs.started_at <= instant.as_of
        or pipeline_runs.queued_at <= instant.as_of
)

select
    run_rows.run_id,
    run_rows.pipeline,
    run_rows.stage,
    run_rows.team,
    run_rows.item_id,
    run_rows.release_id,
    run_rows.queued_at,
    run_rows.from_at,
    run_rows.until_at,
    first_days.day,
    case
        when not run_rows.is_waiting
            and run_rows.queued_at <= run_rows.started_at
            then seconds_between(run_rows.queued_at, run_rows.started_at)
            / 60e0
    end as queue_minutes,
    run_rows.is_waiting
from run_rows
left join days as first_days
    on cast(run_rows.from_at as date) = first_days.utc_date
    and run_rows.from_at >= first_days.start_at
    and run_rows.from_at < first_days.end_at
order by run_id
