-- about: Days from one deployment to the next.
-- expected: exports/expected/laukkanen.json
-- compare: n = /cycle_days/n
-- compare: minimum = /cycle_days/min
-- compare: mean = /cycle_days/mean +- 0.00005
-- compare: p50 = /cycle_days/p50 +- 0.00005
-- compare: p85 = /cycle_days/p85 +- 0.00005
-- compare: p95 = /cycle_days/p95 +- 0.00005
-- compare: maximum = /cycle_days/max
with spans as (
    select
        seconds_between(
            lag(released_at) over (order by released_at), released_at
        ) / 86400e0 as days
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
