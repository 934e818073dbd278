-- about: Incidents, their ids, CIs and changes, and how many have no resolution.
-- expected: exports/expected/bpic14_sample.json
-- compare: incident_count = /incidents
-- compare: incident_id_count = /distinct_incident_ids
-- compare: ci_count = /distinct_ci_affected
-- compare: change_count = /distinct_single_changes
-- compare: single_change_count = /related_change/single
-- compare: unresolved_count = /missing_resolved
-- compare: negative_count = /negative_resolution
select
    count(*) as incident_count,
    count(distinct incident_id) as incident_id_count,
    count(distinct ci_id) as ci_count,
    count(distinct change_id) as change_count,
    count(change_id) as single_change_count,
    count(*) filter (where resolved_at is null) as unresolved_count,
    count(*) filter (where resolved_at < opened_at) as negative_count
from incidents
