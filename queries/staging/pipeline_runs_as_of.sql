-- name: pipeline_runs_as_of
-- about: Pipeline runs started by the as-of, with retries that passed marked.
-- grain: one row per run
-- key: run_id
-- reads: params, local_days, pipeline_runs
-- columns:
--   run_id       string      Run.
--   pipeline     string      Pipeline.
--   stage        string      build, test, security_scan, deploy, ...
--   team         string      Team, or "(no team)".
--   item_id      string?     Item it was run for.
--   release_id   string?     Release it was run for.
--   environment  string?     Environment.
--   commit_sha   string?     Commit.
--   result       string      success, failure, cancelled or running.
--   attempt      bigint?     1 for the first attempt.
--   is_flaky     boolean     Failed, and passed on retry of the same commit.
--   week_start   date?       Monday of the local week it started in.
--   queued_at    timestamp?  When it was queued.
--   started_at   timestamp   Start.
--   finished_at  timestamp?  End; null while running at the as-of.

-- Definition, Pipeline failures: "A failure that passes on retry of the same
-- commit is flaky": a run of the same commit, pipeline and stage that started
-- later, or at the same instant as a higher attempt, succeeded by the as-of. A
-- run that ended after the as-of was still running at it.

with instant as (
    select as_of
    from params
),

days as (
    select
        utc_date,
        week_start,
        start_at,
        end_at
    from local_days
),

started_runs as (
    select
        pipeline_runs.run_id,
        pipeline_runs.pipeline,
        pipeline_runs.stage,
        coalesce(pipeline_runs.team, '(no team)') as team,
        pipeline_runs.item_id,
        pipeline_runs.release_id,
        pipeline_runs.environment,
        pipeline_runs.commit_sha,
        case
            when pipeline_runs.finished_at > instant.as_of then 'running'
            else pipeline_runs.result
        end as result,
        pipeline_runs.attempt,
        pipeline_runs.queued_at,
        pipeline_runs.started_at,
        case
            when pipeline_runs.finished_at <= instant.as_of
                then pipeline_runs.finished_at
        end as finished_at
    from pipeline_runs
    inner join instant
        on pipeline_runs.started_at <= instant.as_of
),

last_successes as (
    select
        pipeline,
        stage,
        commit_sha,
        started_at,
        attempt
    from started_runs
    where result = 'success' and commit_sha is not null
    qualify row_number() over (
        partition by pipeline, stage, commit_sha
        order by started_at desc, attempt desc nulls last
    ) = 1
),

marked_runs as (
    select
        started_runs.run_id,
        started_runs.pipeline,
        started_runs.stage,
        started_runs.team,
        started_runs.item_id,
        started_runs.release_id,
        started_runs.environment,
        started_runs.commit_sha,
        started_runs.result,
        started_runs.attempt,
        coalesce(
            started_runs.result = 'failure' and (
                last_successes.started_at > started_runs.started_at
                or (
                    last_successes.started_at = started_runs.started_at
                    and last_successes.attempt > started_runs.attempt
                )
            ),
            false
        ) as is_flaky,
        days.week_start,
        started_runs.queued_at,
        started_runs.started_at,
        started_runs.finished_at
    from started_runs
    left join last_successes
        on started_runs.pipeline = last_successes.pipeline
        and started_runs.stage = last_successes.stage
        and started_runs.commit_sha = last_successes.commit_sha
    left join days
        on cast(started_runs.started_at as date) = days.utc_date
        and started_runs.started_at >= days.start_at
        and started_runs.started_at < days.end_at
)

select
    run_id,
    pipeline,
    stage,
    team,
    item_id,
    release_id,
    environment,
    commit_sha,
    result,
    attempt,
    is_flaky,
    week_start,
    queued_at,
    started_at,
    finished_at
from marked_runs
order by run_id
