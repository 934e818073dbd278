-- name: attribution_methods__parts_add_up
-- about: Every incident of a week was laid by one method; no week is missing.
-- grain: one row that breaks the claim
-- key: week_start
-- reads: attribution_methods, incident_attribution
-- columns:
--   week_start  date?  Monday; null for the sum over all weeks.

with methods as (
    select
        week_start,
        method,
        incident_count
    from attribution_methods
),

incidents_laid as (
    select incident_id
    from incident_attribution
    where kind = 'incident'
),

thin_weeks as (
    select week_start
    from methods
    group by week_start
    having count(*) <> 5 or min(incident_count) < 0
),

method_sums as (
    select cast(coalesce(sum(incident_count), 0) as bigint) as incident_count
    from methods
),

incident_sums as (
    select count(*) as incident_count
    from incidents_laid
),

broken as (
    select week_start
    from thin_weeks
    union all
    select cast(null as date) as week_start
    from method_sums
    cross join incident_sums
    where method_sums.incident_count <> incident_sums.incident_count
)

select week_start
from broken
order by week_start
