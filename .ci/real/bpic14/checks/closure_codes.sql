-- about: Closed incidents by their closure code.
-- expected: exports/expected/bpic14_sample.json
-- keys: word = /closure_code
-- compare: incident_count = /closure_code/{word}
select
    coalesce(new_value, '') as word,
    count(*) as incident_count
from item_events
where field = 'closed: closure code'
group by coalesce(new_value, '')
order by word
