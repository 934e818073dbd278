-- about: Minutes from discovery to resolution, but for the resolution that the
--   expected figures could not parse (see `counts`).
-- expected: exports/expected/persona.json
-- compare: n = /ttr_minutes/n
-- compare: minimum = /ttr_minutes/min +- 0.005
-- compare: mean = /ttr_minutes/mean +- 0.005
-- compare: p50 = /ttr_minutes/p50 +- 0.005
-- compare: p85 = /ttr_minutes/p85 +- 0.005
-- compare: p95 = /ttr_minutes/p95 +- 0.005
-- compare: maximum = /ttr_minutes/max +- 0.005
with resolutions as (
    select seconds_between(opened_at, resolved_at) / 60e0 as minutes
    from incidents
    where
        resolved_at is not null
        and seconds_between(opened_at, resolved_at)
        = round(seconds_between(opened_at, resolved_at))
)

select
    count(*) as n,
    min(minutes) as minimum,
    avg(minutes) as mean,
    percentile_cont(0.50) within group (order by minutes) as p50,
    percentile_cont(0.85) within group (order by minutes) as p85,
    percentile_cont(0.95) within group (order by minutes) as p95,
    max(minutes) as maximum
from resolutions
