-- about: Days from creation to resolution, by the tracker's type.
-- expected: exports/expected/brightsquid.json
-- keys: issue_type = /by_type_lead
-- compare: n = /by_type_lead/{issue_type}/n
-- compare: minimum = /by_type_lead/{issue_type}/min +- 0.00005
-- compare: mean = /by_type_lead/{issue_type}/mean +- 0.00005
-- compare: p50 = /by_type_lead/{issue_type}/p50 +- 0.00005
-- compare: p85 = /by_type_lead/{issue_type}/p85 +- 0.00005
-- compare: p95 = /by_type_lead/{issue_type}/p95 +- 0.00005
-- compare: maximum = /by_type_lead/{issue_type}/max +- 0.00005
with leads as (
    select
        investment_category as issue_type,
        seconds_between(created_at, resolved_at) / 86400e0 as days
    from items
    where resolved_at is not null
)

select
    issue_type,
    count(*) as n,
    min(days) as minimum,
    avg(days) as mean,
    percentile_cont(0.50) within group (order by days) as p50,
    percentile_cont(0.85) within group (order by days) as p85,
    percentile_cont(0.95) within group (order by days) as p95,
    max(days) as maximum
from leads
group by issue_type
order by issue_type
