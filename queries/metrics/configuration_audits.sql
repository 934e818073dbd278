-- name: configuration_audits
-- about: The audit sheet of each regulated system: its last audit, what its
--   configuration items (CI) lack, and what was deployed since.
-- grain: one row per system that is or may be regulated
-- key: system
-- reads: params, gate_limits, configuration_states, evidence_as_of,
--   production_deployments, changes_as_of
-- columns:
--   system                       string      System.
--   team                         string?     Owner of its CIs.
--   is_regulated                 boolean?    Null where nobody says so.
--   ci_count                     bigint      Its CIs.
--   uncontrolled_count           bigint      Of these, not version-controlled.
--   unstated_count               bigint      Of these, nobody says.
--   bare_count                   bigint?     Of these, without a baseline.
--   baseline_count               bigint      Baselines that they have.
--   audit_id                     string?     Its last audit.
--   audit_result                 string?     pass or fail.
--   audit_age_days               double?     Days since that audit.
--   is_overdue                   boolean     Never audited, or longer ago than
--                                            the gate configuration_audit
--                                            allows.
--   deployment_count             bigint      Production deployments since, or
--                                            ever where there was no audit.
--   undocumented_count           bigint      Of these, without a known RFC.
--   audited_at                   timestamp?  When it was audited.

-- coverage.md, 4.5: "an audit sheet per regulated system". The audits are
-- those on the system itself; one of a whole release is not on this sheet.

with instant as (
    select as_of
    from params
),

limits as (
    select max(number) as max_age_days
    from gate_limits
    where gate = 'configuration_audit' and limit_name = 'max_age_days'
),

kinds as (
    select distinct lower(word) as kind
    from gate_limits
    where gate = 'configuration_audit' and limit_name = 'kinds'
),

states as (
    select
        system,
        team,
        is_regulated,
        ci_count,
        uncontrolled_count,
        unstated_count,
        bare_count,
        baseline_count
    from configuration_states
    where is_regulated is null or is_regulated
),

last_audits as (
    select
        evidence_as_of.subject_id as system,
        evidence_as_of.evidence_id,
        evidence_as_of.result,
        evidence_as_of.checked_at
    from evidence_as_of
    inner join kinds
        on evidence_as_of.kind = kinds.kind
    where evidence_as_of.subject_type = 'system'
    qualify row_number() over (
        partition by evidence_as_of.subject_id
        order by evidence_as_of.checked_at desc nulls last,
            evidence_as_of.result, evidence_as_of.evidence_id
    ) = 1
),

change_rows as (
    select change_id
    from changes_as_of
),

deployment_rows as (
    select
        production_deployments.deployment_id,
        production_deployments.system,
        production_deployments.finished_at,
        change_rows.change_id
    from production_deployments
    left join change_rows
        on production_deployments.change_id = change_rows.change_id
    where production_deployments.is_completed
),

counts as (
    select
        states.system,
        count(*) as deployment_count,
        count(*) filter (
            where deployment_rows.change_id is null
        ) as undocumented_count
    from states
    left join last_audits
        on states.system = last_audits.system
    inner join deployment_rows
        on states.system = deployment_rows.system
        and (
            last_audits.checked_at is null
            or deployment_rows.finished_at >= last_audits.checked_at
        )
    group by states.system
),

aged_states as (
    select
        states.system,
        states.team,
        states.is_regulated,
        states.ci_count,
        states.uncontrolled_count,
        states.unstated_count,
        states.bare_count,
        states.baseline_count,
        last_audits.evidence_id,
        last_audits.result,
        last_audits.checked_at,
        seconds_between(last_audits.checked_at, instant.as_of) / 86400e0
            as audit_age_days
    from states
    cross join instant
    left join last_audits
        on states.system = last_audits.system
)

select
    aged_states.system,
    aged_states.team,
    aged_states.is_regulated,
    aged_states.ci_count,
    aged_states.uncontrolled_count,
    aged_states.unstated_count,
    aged_states.bare_count,
    aged_states.baseline_count,
    aged_states.evidence_id as audit_id,
    aged_states.result as audit_result,
    aged_states.audit_age_days,
    coalesce(aged_states.audit_age_days > limits.max_age_days, true)
        as is_overdue,
    cast(coalesce(counts.deployment_count, 0) as bigint) as deployment_count,
    cast(coalesce(counts.undocumented_count, 0) as bigint)
        as undocumented_count,
    aged_states.checked_at as audited_at
from aged_states
cross join limits
left join counts
    on aged_states.system = counts.system
order by system
