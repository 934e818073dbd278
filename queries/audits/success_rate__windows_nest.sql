-- name: success_rate__windows_nest
-- about: A longer window never holds fewer incidents.
-- grain: one row per deployment that breaks the claim
-- key: deployment_id
-- reads: success_rate
-- columns:
--   deployment_id  string  Deployment.

with counts as (
    select
        deployment_id,
        incident_count_24h,
        incident_count_72h,
        incident_count_7d
    from success_rate
),

broken as (
    select deployment_id
    from counts
    where
        incident_count_24h > incident_count_72h
        or incident_count_72h > incident_count_7d
)

select deployment_id
from broken
order by deployment_id
