-- about: The most frequent activities, in order.
-- expected: exports/expected/bpic14_sample.json
-- compare: activity = /activity_top/{position}/0
-- compare: activity_count = /activity_top/{position}/1
with counts as (
    select
        field as activity,
        count(*) as activity_count
    from item_events
    where source_file like '%/BPIC14_incident_log.csv'
    group by field
)

select
    row_number() over (order by activity_count desc, activity) - 1
        as position,
    activity,
    activity_count
from counts
order by position
limit 15
