-- about: Working hours that were spent on an incident.
-- expected: exports/expected/bpic14_sample.json
-- compare: n = /handle_time_hours/n
-- compare: minimum = /handle_time_hours/min
-- compare: mean = /handle_time_hours/mean +- 0.0005
-- compare: p50 = /handle_time_hours/p50 +- 0.0005
-- compare: p85 = /handle_time_hours/p85 +- 0.0005
-- compare: p95 = /handle_time_hours/p95 +- 0.0005
-- compare: maximum = /handle_time_hours/max +- 0.0005
select
    count(*) as n,
    min(hours) as minimum,
    avg(hours) as mean,
    percentile_cont(0.50) within group (order by hours) as p50,
    percentile_cont(0.85) within group (order by hours) as p85,
    percentile_cont(0.95) within group (order by hours) as p95,
    max(hours) as maximum
from effort
