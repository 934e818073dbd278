-- about: Entries of the change log by field, out of two sources on one file.
-- expected: expected.json
-- keys: field = /events_per_field
-- compare: event_count = /events_per_field/{field}
select
    field,
    count(*) as event_count
from item_events
group by field
order by field
