-- about: Closed incidents by their status.
-- expected: exports/expected/bpic14_sample.json
-- keys: word = /status
-- compare: incident_count = /status/{word}
select
    coalesce(new_value, '') as word,
    count(*) as incident_count
from item_events
where field = 'closed: status'
group by coalesce(new_value, '')
order by word
