-- name: pipeline_queue
-- about: The runs that wait at the as-of, in the order in which they should go.
-- grain: one row per waiting run
-- key: run_id
-- reads: params, pipeline_queues, releases_as_of, items_as_of
-- columns:
--   run_id           string      Run.
--   queue_position   bigint      1 for the run that goes first.
--   pipeline         string      Pipeline.
--   stage            string      build, test, deploy, ...
--   team             string?     Team.
--   item_id          string?     Item it is for.
--   is_hotfix        boolean     Its item is a hotfix.
--   release_id       string?     Release it is for.
--   release_name     string?     Name of that release.
--   planned_at       timestamp?  Planned date of that release.
--   queued_at        timestamp?  When it was queued.
--   waiting_minutes  double?     Queued to the as-of.

-- coverage.md 5.4: "whose run goes first": hotfixes, then by the date of the
-- release, the nearest first, then by the time in the queue. A run of a release
-- that has no date, or of none, goes last. A run waits that was queued by the
-- as-of and starts after it: the contract asks for a start, so runs that no one
-- has given a start to are in no export, and not here.

with instant as (
    select as_of
    from params
),

waiting_runs as (
    select
        run_id,
        pipeline,
        stage,
        team,
        item_id,
        release_id,
        queued_at
    from pipeline_queues
    where is_waiting
),

item_rows as (
    select
        item_id,
        item_type
    from items_as_of
),

release_rows as (
    select
        release_id,
        release_name,
        planned_at
    from releases_as_of
),

known_runs as (
    select
        waiting_runs.run_id,
        waiting_runs.pipeline,
        waiting_runs.stage,
        waiting_runs.team,
        waiting_runs.item_id,
        coalesce(item_rows.item_type = 'hotfix', false) as is_hotfix,
        waiting_runs.release_id,
        release_rows.release_name,
        release_rows.planned_at,
        waiting_runs.queued_at,
        seconds_between(waiting_runs.queued_at, instant.as_of) / 60e0
            as waiting_minutes
    from waiting_runs
    cross join instant
    left join item_rows
        on waiting_runs.item_id = item_rows.item_id
    left join release_rows
        on waiting_runs.release_id = release_rows.release_id
)

select
    run_id,
    row_number() over (
        order by
            case when is_hotfix then 0 else 1 end,
            planned_at nulls last,
            queued_at nulls last,
            run_id
    ) as queue_position,
    pipeline,
    stage,
    team,
    item_id,
    is_hotfix,
    release_id,
    release_name,
    planned_at,
    queued_at,
    waiting_minutes
from known_runs
order by run_id
