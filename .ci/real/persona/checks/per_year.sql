-- about: Incidents by the year in which they were discovered, local time.
-- expected: exports/expected/persona.json
-- keys: year = /per_year
-- compare: incident_count = /per_year/{year}
select
    substr(calendar.month, 1, 4) as year,
    count(*) as incident_count
from incidents
inner join calendar
    on incidents.opened_at >= calendar.start_at
    and incidents.opened_at < calendar.end_at
group by substr(calendar.month, 1, 4)
order by year
