-- name: pipeline_failure_rate__parts_add_up
-- about: Results add up to runs; flaky runs are failures; the ratio is one.
-- grain: one row per team, stage and week that breaks the claim
-- key: team, stage, week_start
-- reads: pipeline_failure_rate
-- columns:
--   team        string  Team.
--   stage       string  Stage.
--   week_start  date    Monday.

with counts as (
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
    from pipeline_failure_rate
),

broken as (
    select
        team,
        stage,
        week_start
    from counts
    where
        run_count <> completed_count + cancelled_count + running_count
        or completed_count <> failed_count + succeeded_count
        or flaky_count > failed_count
        or (completed_count = 0) <> (failure_ratio is null)
        or failure_ratio < 0
        or failure_ratio > 1
)

select
    team,
    stage,
    week_start
from broken
order by team, stage, week_start
