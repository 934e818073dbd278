-- name: pipeline_failures_by_team__parts_add_up
-- about: Each team's stages add up to its total, and its runs to their parts.
-- grain: one row per team that breaks the claim
-- key: team
-- reads: pipeline_failures_by_team
-- columns:
--   team         string  Team.
--   total_count  bigint  Runs of its total.
--   stage_count  bigint  Runs of its stages.

with counts as (
    select
        team,
        is_total,
        run_count,
        failed_count,
        succeeded_count,
        completed_count,
        flaky_count,
        lasting_count,
        cancelled_count,
        running_count
    from pipeline_failures_by_team
),

teams as (
    select
        team,
        cast(
            coalesce(sum(run_count) filter (where is_total), 0) as bigint
        ) as total_count,
        cast(
            coalesce(sum(run_count) filter (where not is_total), 0) as bigint
        ) as stage_count,
        cast(
            sum(case when is_total then failed_count else -failed_count end)
            as bigint
        ) as failed_difference,
        bool_or(
            failed_count + succeeded_count <> completed_count
            or flaky_count + lasting_count <> failed_count
            or completed_count + cancelled_count + running_count <> run_count
            or flaky_count > failed_count
        ) as is_torn
    from counts
    group by team
),

broken as (
    select
        team,
        total_count,
        stage_count
    from teams
    where
        total_count <> stage_count
        or failed_difference <> 0
        or is_torn
)

select
    team,
    total_count,
    stage_count
from broken
order by team
