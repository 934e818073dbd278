-- about: Days from the deadline of changes to the target date, by minor release.
-- expected: expected.json
-- keys: minor = /freeze_days
-- compare: n = /freeze_days/{minor}/n
-- compare: minimum = /freeze_days/{minor}/min
-- compare: mean = /freeze_days/{minor}/mean +- 0.00005
-- compare: maximum = /freeze_days/{minor}/max
with spans as (
    select
        system as minor,
        seconds_between(freeze_at, planned_at) / 86400e0 as days
    from releases
    where freeze_at is not null
)

select
    minor,
    count(*) as n,
    min(days) as minimum,
    avg(days) as mean,
    max(days) as maximum
from spans
group by minor
order by minor
