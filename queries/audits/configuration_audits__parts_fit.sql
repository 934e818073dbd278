-- name: configuration_audits__parts_fit
-- about: What a system lacks it lacks in some of its configuration items, and
--   what was deployed without an RFC was deployed.
-- grain: one row per system that breaks the claim
-- key: system
-- reads: configuration_audits
-- columns:
--   system            string  System.
--   ci_count          bigint  Its configuration items.
--   deployment_count  bigint  Its deployments since the audit.

select
    system,
    ci_count,
    deployment_count
from configuration_audits
where
    uncontrolled_count + unstated_count > ci_count
    or bare_count > ci_count
    or undocumented_count > deployment_count
    or is_overdue is null
    or (audit_id is null) <> (audited_at is null)
order by system
