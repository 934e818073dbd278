-- about: Incidents by category.
-- expected: exports/expected/bpic14_sample.json
-- keys: category = /category
-- compare: incident_count = /category/{category}
select
    category,
    count(*) as incident_count
from incidents
group by category
order by category
