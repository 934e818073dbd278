-- name: incidents_as_of
-- about: Incidents opened by the as-of, knowing no later detection or repair.
-- grain: one row per incident
-- key: incident_id
-- reads: params, incidents
-- columns:
--   incident_id    string      Incident.
--   system         string?     System that suffered.
--   ci_id          string?     Configuration item that suffered.
--   kind           string      incident, problem or user_report.
--   category       string?     The source's own word.
--   summary        string?     What happened.
--   deployment_id  string?     Deployment that the source itself names.
--   change_id      string?     Change that the source itself names.
--   item_id        string?     Item that answers it.
--   severity       bigint?     1 the worst, 5 the least.
--   opened_at      timestamp   Opened.
--   detected_at    timestamp?  Detected.
--   resolved_at    timestamp?  Resolved; null while open at the as-of.

-- A row without a kind is an incident: that is what the table is for.

with instant as (
    select as_of
    from params
),

seen_incidents as (
    select
        incidents.incident_id,
        incidents.system,
        incidents.ci_id,
        coalesce(incidents.kind, 'incident') as kind,
        incidents.category,
        incidents.summary,
        incidents.deployment_id,
        incidents.change_id,
        incidents.item_id,
        incidents.severity,
        incidents.opened_at,
        case
            when incidents.detected_at <= instant.as_of
                then incidents.detected_at
        end as detected_at,
        case
            when incidents.resolved_at <= instant.as_of
                then incidents.resolved_at
        end as resolved_at
    from incidents
    inner join instant
        on incidents.opened_at <= instant.as_of
)

select
    incident_id,
    system,
    ci_id,
    kind,
    category,
    summary,
    deployment_id,
    change_id,
    item_id,
    severity,
    opened_at,
    detected_at,
    resolved_at
from seen_incidents
order by incident_id
