-- about: The mart by repository, stage and week. What passed on retry is taken
--   together with what did not: both are failed runs of the export.
-- expected: expected.json
-- keys: week_key = /by_week
-- compare: failure_count = /by_week/{week_key}/failure
-- compare: succeeded_count = /by_week/{week_key}/success
-- compare: cancelled_count = /by_week/{week_key}/cancelled
select
    team || '|' || stage || '|' || cast(week_start as string) as week_key,
    run_count - succeeded_count - cancelled_count - running_count
        as failure_count,
    succeeded_count,
    cancelled_count
from pipeline_failure_rate
where run_count > 0
order by week_key
