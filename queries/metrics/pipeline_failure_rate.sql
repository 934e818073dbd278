-- name: pipeline_failure_rate
-- about: Pipeline runs that failed, by source team, stage and week.
-- grain: one row per team, stage and week
-- key: team, stage, week_start
-- reads: pipeline_runs_as_of
-- columns:
--   team             string   Team, or "(no team)".
--   stage            string   build, test, security_scan, deploy, ...
--   week_start       date     Monday of the local week the runs started in.
--   run_count        bigint   Runs.
--   failed_count     bigint   Failures, flaky ones among them.
--   succeeded_count  bigint   Successes.
--   cancelled_count  bigint   Cancelled runs, in no rate.
--   running_count    bigint   Runs under way at the as-of, in no rate.
--   flaky_count      bigint   Of the failures, those that passed on retry.
--   completed_count  bigint   Failures and successes.
--   failure_ratio    double?  failed / completed; null without completed runs.

-- Definition, Pipeline failures: "failed / (failed + succeeded), by source
-- team, stage and week; cancelled and running apart." flaky_count stands
-- apart as an "of which": the ratio keeps every failure, so that it compares
-- with what others publish, and a team cannot lower it by retrying.

with runs as (
    select
        team,
        stage,
        week_start,
        result,
        is_flaky
    from pipeline_runs_as_of
    where week_start is not null
),

run_counts as (
    select
        team,
        stage,
        week_start,
        count(*) as run_count,
        count(*) filter (where result = 'failure') as failed_count,
        count(*) filter (where result = 'success') as succeeded_count,
        count(*) filter (where result = 'cancelled') as cancelled_count,
        count(*) filter (where result = 'running') as running_count,
        count(*) filter (where is_flaky) as flaky_count,
        count(*) filter (
            where result in ('failure', 'success')
        ) as completed_count
    from runs
    group by team, stage, week_start
),

failure_ratios as (
    select
        team,
        stage,
        week_start,
        run_count,
        failed_count,
        succeeded_count,
        cancelled_count,
        running_count,
        flaky_count,
        completed_count,
        1e0 * failed_count / nullif(completed_count, 0) as failure_ratio
    from run_counts
)

select
    team,
    stage,
    week_start,
    run_count,
    failed_count,
    succeeded_count,
    cancelled_count,
    running_count,
    flaky_count,
    completed_count,
    failure_ratio
from failure_ratios
order by team, stage, week_start
