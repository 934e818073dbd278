-- about: Runs that ran. Those that wait for an approval are filtered.
-- expected: expected.json
-- compare: run_count = /runs
select count(*) as run_count
from pipeline_runs
