-- about: Days from creation to resolution, all tasks.
-- expected: exports/expected/brightsquid.json
-- compare: n = /lead_days_created_to_resolved/n
-- compare: minimum = /lead_days_created_to_resolved/min +- 0.00005
-- compare: mean = /lead_days_created_to_resolved/mean +- 0.00005
-- compare: p50 = /lead_days_created_to_resolved/p50 +- 0.00005
-- compare: p85 = /lead_days_created_to_resolved/p85 +- 0.00005
-- compare: p95 = /lead_days_created_to_resolved/p95 +- 0.00005
-- compare: maximum = /lead_days_created_to_resolved/max +- 0.00005
with leads as (
    select seconds_between(created_at, resolved_at) / 86400e0 as days
    from items
    where resolved_at is not null
)

select
    count(*) as n,
    min(days) as minimum,
    avg(days) as mean,
    percentile_cont(0.50) within group (order by days) as p50,
    percentile_cont(0.85) within group (order by days) as p85,
    percentile_cont(0.95) within group (order by days) as p95,
    max(days) as maximum
from leads
