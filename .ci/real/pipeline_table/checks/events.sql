-- about: Runs by what set them off.
-- expected: exports/expected/ukma.json
-- keys: event = /events
-- compare: run_count = /events/{event}
select
    replace(pipeline, 'main-pipeline on ', '') as event,
    count(*) as run_count
from pipeline_runs
group by pipeline
order by event
