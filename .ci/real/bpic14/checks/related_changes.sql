-- about: Incidents with one related change, with several (which the export does not
--   name) and with none.
-- expected: exports/expected/bpic14_sample.json
-- keys: word = /related_change
-- compare: incident_count = /related_change/{word}
with words as (
    select
        case
            when old_value is null then 'none'
            when old_value = '#MULTIVALUE' then old_value
            else 'single'
        end as word
    from item_events
    where field = 'closed: related changes'
)

select
    word,
    count(*) as incident_count
from words
group by word
order by word
