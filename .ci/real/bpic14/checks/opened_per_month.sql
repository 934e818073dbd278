-- about: Incidents by the month in which they were opened.
-- expected: exports/expected/bpic14_sample.json
-- keys: month = /opened_per_month
-- compare: incident_count = /opened_per_month/{month}
select
    calendar.month,
    count(*) as incident_count
from incidents
inner join calendar
    on incidents.opened_at >= calendar.start_at
    and incidents.opened_at < calendar.end_at
group by calendar.month
order by calendar.month
