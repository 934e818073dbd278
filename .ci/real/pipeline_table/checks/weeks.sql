-- about: Runs, failed and deployed ones by week, and the mean length of the good.
--   `failed` of the expected figures is the conclusion alone.
-- expected: exports/expected/ukma.json
-- keys: week = /weeks
-- compare: run_count = /weeks/{week}/runs
-- compare: succeeded_count = /weeks/{week}/success
-- compare: failed_count = /weeks/{week}/failed
-- compare: deployed_count = /weeks/{week}/deployed_yes
-- compare: success_minutes = /weeks/{week}/avg_success_min +- 0.0005
with runs as (
    select
        pipeline_runs.*,
        cast(calendar.week_start as string) as week,
        deployments.deployment_id
    from pipeline_runs
    inner join calendar
        on pipeline_runs.started_at >= calendar.start_at
        and pipeline_runs.started_at < calendar.end_at
    left join deployments
        on pipeline_runs.run_id = deployments.pipeline_run_id
)

select
    week,
    count(*) as run_count,
    count(*) filter (where result = 'success') as succeeded_count,
    count(*) filter (where result = 'failure' and stage = 'deploy')
        as failed_count,
    count(deployment_id) as deployed_count,
    avg(seconds_between(started_at, finished_at) / 60e0)
        filter (where result = 'success') as success_minutes
from runs
group by week
order by week
