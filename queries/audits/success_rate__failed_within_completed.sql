-- name: success_rate__failed_within_completed
-- about: A failure has one of the four parts, and an explicit one is a failure.
-- grain: one row per deployment that breaks the claim
-- key: deployment_id
-- reads: success_rate
-- columns:
--   deployment_id  string    Deployment.
--   is_failed      boolean?  Failed.

with deployments_judged as (
    select
        deployment_id,
        is_result_failed,
        is_rolled_back,
        is_hotfixed,
        incident_count,
        explicit_incident_count,
        has_incident_feed,
        is_failed,
        is_failed_explicit,
        exclusion,
        is_window_open
    from success_rate
),

broken as (
    select
        deployment_id,
        is_failed
    from deployments_judged
    where
        (is_failed is null) <> (exclusion is not null)
        or has_incident_feed <> (exclusion is null)
        or is_failed <> (
            is_result_failed
            or is_rolled_back
            or is_hotfixed
            or incident_count > 0
        )
        or (is_failed_explicit and not is_failed)
        or explicit_incident_count > incident_count
        or (is_window_open and coalesce(is_failed, true))
)

select
    deployment_id,
    is_failed
from broken
order by deployment_id
