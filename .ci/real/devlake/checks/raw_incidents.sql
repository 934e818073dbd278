-- about: Incidents out of the raw answers of two tools, and in how many of them
--   opening and resolution are what the tool's own table has.
-- expected: expected.json
-- keys: tool = /incidents
-- compare: incident_count = /incidents/{tool}/n
-- compare: resolved_count = /incidents/{tool}/resolved
-- compare: equal_count = /incidents/{tool}/n
-- compare: minutes = /incidents/{tool}/minutes +- 0.0005
with pairs as (
    select
        case
            when incidents.source_file like '%pagerduty%' then 'pagerduty'
            else 'opsgenie'
        end as tool,
        incidents.opened_at,
        incidents.resolved_at,
        incidents.opened_at = items.created_at
        and coalesce(incidents.resolved_at = items.resolved_at, true)
        and (incidents.resolved_at is null) = (items.resolved_at is null)
            as is_equal
    from incidents
    inner join items on items.source_url like '%/' || incidents.incident_id
    where incidents.source_file like '%/raw_tables/_raw_%'
)

select
    tool,
    count(*) as incident_count,
    count(resolved_at) as resolved_count,
    count(*) filter (where is_equal) as equal_count,
    avg(seconds_between(opened_at, resolved_at) / 60e0) as minutes
from pairs
group by tool
order by tool
