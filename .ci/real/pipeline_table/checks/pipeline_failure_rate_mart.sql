-- about: The mart by week, of the runs that started.
-- expected: exports/expected/ukma.json
-- keys: week = /weeks
-- compare: failed_count = /weeks/{week}/failed
-- compare: succeeded_count = /weeks/{week}/success
select
    cast(week_start as string) as week,
    failed_count,
    succeeded_count
from pipeline_failure_rate
where stage = 'deploy' and run_count > 0
order by week
