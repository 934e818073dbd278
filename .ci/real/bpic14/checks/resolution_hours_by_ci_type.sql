-- about: Hours from opening to resolution, by the type of the affected CI.
-- expected: exports/expected/bpic14_sample.json
-- keys: ci_type = /by_ci_type_resolution_h
-- compare: n = /by_ci_type_resolution_h/{ci_type}/n
-- compare: minimum = /by_ci_type_resolution_h/{ci_type}/min +- 0.005
-- compare: mean = /by_ci_type_resolution_h/{ci_type}/mean +- 0.005
-- compare: p50 = /by_ci_type_resolution_h/{ci_type}/p50 +- 0.005
-- compare: p85 = /by_ci_type_resolution_h/{ci_type}/p85 +- 0.005
-- compare: p95 = /by_ci_type_resolution_h/{ci_type}/p95 +- 0.005
-- compare: maximum = /by_ci_type_resolution_h/{ci_type}/max +- 0.005
with resolutions as (
    select
        config_items.ci_class as ci_type,
        seconds_between(incidents.opened_at, incidents.resolved_at) / 3600e0
            as hours
    from incidents
    inner join config_items using (ci_id)
    where incidents.resolved_at is not null
)

select
    ci_type,
    count(*) as n,
    min(hours) as minimum,
    avg(hours) as mean,
    percentile_cont(0.50) within group (order by hours) as p50,
    percentile_cont(0.85) within group (order by hours) as p85,
    percentile_cont(0.95) within group (order by hours) as p95,
    max(hours) as maximum
from resolutions
group by ci_type
order by ci_type
