-- about: Incidents, those with both instants, and updates in between. The resolution
--   that the expected figures could not parse is written as ISO 8601, the only one
--   and so the only one with a fraction of a second; the product reads it, and it is
--   left out where the figures left it out.
-- expected: exports/expected/persona.json
-- compare: incident_count = /incidents
-- compare: both_count = /with_both
-- compare: unparsed_incident_id = /unparsed/0/0
-- compare: unresolved_incident_id = /no_resolution/0
-- compare: update_count = /updates
with split as (
    select
        *,
        seconds_between(opened_at, resolved_at)
        <> round(seconds_between(opened_at, resolved_at)) as is_unparsed
    from incidents
),

updates as (
    select count(*) as update_count
    from item_events
    where field = 'update'
)

select
    count(*) as incident_count,
    count(resolved_at) filter (where not is_unparsed) as both_count,
    min(incident_id) filter (where is_unparsed) as unparsed_incident_id,
    min(incident_id) filter (where is_unparsed) as unresolved_incident_id,
    max(updates.update_count) as update_count
from split
cross join updates
