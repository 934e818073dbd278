-- name: incident_attribution__cause_comes_first
-- about: A guessed cause lies before the incident; unattributed has none.
-- grain: one row per incident that breaks the claim
-- key: incident_id
-- reads: incident_attribution
-- columns:
--   incident_id  string  Incident.
--   method       string  How it was attributed.

with attributions as (
    select
        incident_id,
        deployment_id,
        method,
        hours_after
    from incident_attribution
),

broken as (
    select
        incident_id,
        method
    from attributions
    where
        (method = 'unattributed') <> (deployment_id is null)
        or (method in ('ci', 'system') and hours_after < 0)
)

select
    incident_id,
    method
from broken
order by incident_id
