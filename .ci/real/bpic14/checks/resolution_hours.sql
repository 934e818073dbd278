-- about: Hours from opening to resolution, all resolved incidents.
-- expected: exports/expected/bpic14_sample.json
-- compare: n = /resolution_hours/n
-- compare: minimum = /resolution_hours/min +- 0.0005
-- compare: mean = /resolution_hours/mean +- 0.0005
-- compare: p50 = /resolution_hours/p50 +- 0.0005
-- compare: p85 = /resolution_hours/p85 +- 0.0005
-- compare: p95 = /resolution_hours/p95 +- 0.0005
-- compare: maximum = /resolution_hours/max +- 0.0005
with resolutions as (
    select seconds_between(opened_at, resolved_at) / 3600e0 as hours
    from incidents
    where resolved_at is not null
)

select
    count(*) as n,
    min(hours) as minimum,
    avg(hours) as mean,
    percentile_cont(0.50) within group (order by hours) as p50,
    percentile_cont(0.85) within group (order by hours) as p85,
    percentile_cont(0.95) within group (order by hours) as p95,
    max(hours) as maximum
from resolutions
