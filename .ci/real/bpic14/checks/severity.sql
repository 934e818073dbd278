-- about: Incidents by priority.
-- expected: exports/expected/bpic14_sample.json
-- keys: severity = /priority
-- compare: incident_count = /priority/{severity}
select
    severity,
    count(*) as incident_count
from incidents
group by severity
order by severity
