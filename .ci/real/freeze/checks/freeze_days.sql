-- about: Days from freeze to deployment.
-- expected: exports/expected/laukkanen.json
-- compare: n = /freeze_days/n
-- compare: minimum = /freeze_days/min
-- compare: mean = /freeze_days/mean +- 0.00005
-- compare: p50 = /freeze_days/p50 +- 0.00005
-- compare: p85 = /freeze_days/p85 +- 0.00005
-- compare: p95 = /freeze_days/p95 +- 0.00005
-- compare: maximum = /freeze_days/max
with spans as (
    select
        seconds_between(freeze_at, released_at) / 86400e0 as days
    from releases
)

select
    count(days) as n,
    min(days) as minimum,
    avg(days) as mean,
    percentile_cont(0.50) within group (order by days) as p50,
    percentile_cont(0.85) within group (order by days) as p85,
    percentile_cont(0.95) within group (order by days) as p95,
    max(days) as maximum
from spans
