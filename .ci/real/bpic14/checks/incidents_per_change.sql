-- about: The changes with most incidents, in order; of those with one incident the
--   expected figures name one, so only the number is compared there.
-- expected: exports/expected/bpic14_sample.json
-- compare: change_id = /incidents_per_change_top/{position}/0
-- compare: incident_count = /incidents_per_change_top/{position}/1
with counts as (
    select
        change_id,
        count(*) as incident_count
    from incidents
    where change_id is not null
    group by change_id
)

select
    row_number() over (order by incident_count desc, change_id) - 1
        as position,
    change_id,
    incident_count
from counts
order by position
limit 5
