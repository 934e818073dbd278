-- about: Closed incidents by their number of related changes.
-- expected: exports/expected/bpic14_sample.json
-- keys: word = /x_related_changes
-- compare: incident_count = /x_related_changes/{word}
select
    coalesce(new_value, '') as word,
    count(*) as incident_count
from item_events
where field = 'closed: related changes'
group by coalesce(new_value, '')
order by word
