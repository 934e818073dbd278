-- about: Failed, succeeded and cancelled runs by repository and workflow.
-- expected: expected.json
-- keys: pipeline_key = /by_pipeline
-- compare: failed_count = /by_pipeline/{pipeline_key}/failure
-- compare: succeeded_count = /by_pipeline/{pipeline_key}/success
-- compare: cancelled_count = /by_pipeline/{pipeline_key}/cancelled
select
    team || '|' || pipeline as pipeline_key,
    count(*) filter (where result = 'failure') as failed_count,
    count(*) filter (where result = 'success') as succeeded_count,
    count(*) filter (where result = 'cancelled') as cancelled_count
from pipeline_runs
group by team, pipeline
order by pipeline_key
