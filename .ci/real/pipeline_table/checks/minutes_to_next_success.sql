-- about: Minutes from the start of a failed run to the start of the next good one.
-- expected: exports/expected/ukma.json
-- compare: n = /mttr_next_success_minutes/n
-- compare: minimum = /mttr_next_success_minutes/min +- 0.0005
-- compare: mean = /mttr_next_success_minutes/mean +- 0.0005
-- compare: p50 = /mttr_next_success_minutes/p50 +- 0.0005
-- compare: p85 = /mttr_next_success_minutes/p85 +- 0.0005
-- compare: p95 = /mttr_next_success_minutes/p95 +- 0.0005
-- compare: maximum = /mttr_next_success_minutes/max +- 0.0005
with recoveries as (
    select
        failures.run_id,
        min(seconds_between(failures.started_at, successes.started_at)) / 60e0
            as minutes
    from pipeline_runs as failures
    inner join pipeline_runs as successes
        on failures.started_at < successes.started_at
    where
        failures.result = 'failure'
        and failures.stage = 'deploy'
        and successes.result = 'success'
    group by failures.run_id
)

select
    count(*) as n,
    min(minutes) as minimum,
    avg(minutes) as mean,
    percentile_cont(0.50) within group (order by minutes) as p50,
    percentile_cont(0.85) within group (order by minutes) as p85,
    percentile_cont(0.95) within group (order by minutes) as p95,
    max(minutes) as maximum
from recoveries
