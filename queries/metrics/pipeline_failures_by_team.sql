-- name: pipeline_failures_by_team
-- about: Pipeline runs of the report weeks by source team and stage.
-- grain: one row per team and stage, and one per team for all its stages
-- key: team, stage
-- reads: report_weeks, pipeline_failure_rate
-- columns:
--   team             string   Team, or "(no team)".
--   stage            string   build, test, ...; "(all stages)" for all.
--   is_total         boolean  The row adds up the team's stages.
--   run_count        bigint   Runs.
--   failed_count     bigint   Failures, flaky ones among them.
--   succeeded_count  bigint   Successes.
--   completed_count  bigint   Failures and successes.
--   flaky_count      bigint   Of the failures, those that passed on retry.
--   lasting_count    bigint   Of the failures, the others.
--   cancelled_count  bigint   Cancelled runs, in no rate.
--   running_count    bigint   Runs under way at the as-of, in no rate.
--   failure_ratio    double?  failed / completed.
--   lasting_ratio    double?  lasting / completed.
--   flaky_ratio      double?  flaky / failed: failures that passed on retry.

-- Definition, Pipeline failures: "failed / (failed + succeeded), by source
-- team, stage and week; cancelled and running apart. A failure that passes on
-- retry of the same commit is flaky, counted apart. Teams are compared on a
-- funnel plot." A funnel plot needs runs, so all weeks of the series count.
-- No rate of nothing: null without completed (or failed) runs.

with weeks as (
    select week_start
    from report_weeks
),

runs as (
    select
        pipeline_failure_rate.team,
        pipeline_failure_rate.stage,
        pipeline_failure_rate.run_count,
        pipeline_failure_rate.failed_count,
        pipeline_failure_rate.succeeded_count,
        pipeline_failure_rate.completed_count,
        pipeline_failure_rate.flaky_count,
        pipeline_failure_rate.cancelled_count,
        pipeline_failure_rate.running_count
    from pipeline_failure_rate
    inner join weeks
        on pipeline_failure_rate.week_start = weeks.week_start
),

levelled_runs as (
    select
        team, stage, false as is_total, run_count, failed_count,
        succeeded_count, completed_count, flaky_count, cancelled_count,
        running_count
    from runs
    union all
    select
        team, '(all stages)' as stage, true as is_total, run_count,
        failed_count, succeeded_count, completed_count, flaky_count,
        cancelled_count, running_count
    from runs
),

team_counts as (
    select
        team,
        stage,
        is_total,
        cast(sum(run_count) as bigint) as run_count,
        cast(sum(failed_count) as bigint) as failed_count,
        cast(sum(succeeded_count) as bigint) as succeeded_count,
        cast(sum(completed_count) as bigint) as completed_count,
        cast(sum(flaky_count) as bigint) as flaky_count,
        cast(sum(cancelled_count) as bigint) as cancelled_count,
        cast(sum(running_count) as bigint) as running_count
    from levelled_runs
    group by team, stage, is_total
),

team_ratios as (
    select
        team,
        stage,
        is_total,
        run_count,
        failed_count,
        succeeded_count,
        completed_count,
        flaky_count,
        failed_count - flaky_count as lasting_count,
        cancelled_count,
        running_count,
        1e0 * failed_count / nullif(completed_count, 0) as failure_ratio,
        1e0 * (failed_count - flaky_count)
        / nullif(completed_count, 0) as lasting_ratio,
        1e0 * flaky_count / nullif(failed_count, 0) as flaky_ratio
    from team_counts
)

select
    team,
    stage,
    is_total,
    run_count,
    failed_count,
    succeeded_count,
    completed_count,
    flaky_count,
    lasting_count,
    cancelled_count,
    running_count,
    failure_ratio,
    lasting_ratio,
    flaky_ratio
from team_ratios
order by team, stage
