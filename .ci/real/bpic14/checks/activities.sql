-- about: Activities, the incidents they belong to, and the groups that did them.
-- expected: exports/expected/bpic14_sample.json
-- compare: activity_count = /events
-- compare: incident_count = /log_cases
-- compare: group_count = /distinct_assignment_groups
-- compare: orphan_count = /log_cases_not_in_attributes
select
    count(*) as activity_count,
    count(distinct item_events.item_id) as incident_count,
    count(distinct item_events.actor) as group_count,
    count(*) filter (where incidents.incident_id is null) as orphan_count
from item_events
left join incidents on item_events.item_id = incidents.incident_id
where item_events.source_file like '%/BPIC14_incident_log.csv'
