-- about: Runs, the share of failed ones (a run that did not start is none), the first
--   and the last.
-- expected: exports/expected/ukma.json
-- compare: run_count = /runs
-- compare: run_id_count = /distinct
-- compare: failure_ratio = /cfr_failure~1(success+failure) +- 0.0000005
-- compare: first_at = /first
-- compare: last_at = /last
select
    count(*) as run_count,
    count(distinct run_id) as run_id_count,
    avg(case when result = 'failure' then 1e0 else 0e0 end)
        filter (where stage = 'deploy' and result in ('success', 'failure'))
        as failure_ratio,
    cast(min(started_at) as string) as first_at,
    cast(max(started_at) as string) as last_at
from pipeline_runs
