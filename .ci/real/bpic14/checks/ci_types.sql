-- about: Incidents by the type of the affected CI, unresolved ones included.
-- expected: exports/expected/bpic14_sample.json
-- keys: ci_type = /ci_type_aff
-- compare: incident_count = /ci_type_aff/{ci_type}
select
    config_items.ci_class as ci_type,
    count(*) as incident_count
from incidents
inner join config_items using (ci_id)
group by config_items.ci_class
order by ci_type
