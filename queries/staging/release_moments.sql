-- name: release_moments
-- about: The moments of each release that gates guard.
-- grain: one row per release
-- key: release_id
-- reads: params, releases_as_of, release_baselines, deployments_as_of
-- columns:
--   release_id    string      Release.
--   release_name  string      Its present name.
--   version       string?     Version.
--   system        string?     System.
--   criticality   string?     low, medium, high or critical.
--   status        string?     planned, in_progress, released or cancelled.
--   baseline_at   timestamp?  Its scope's baseline; may lie ahead.
--   freeze_at     timestamp?  Scope freeze; may lie ahead.
--   planned_at    timestamp?  Planned date.
--   shipped_at    timestamp?  Start of its first production deployment, else
--                             its release; null while it has not shipped.
--   ship_due_at   timestamp?  shipped_at; before that the planned date, and
--                             once that has passed the as-of; null where no
--                             date is known.

-- coverage.md: "Evidence counts only when it is dated before the moment the
-- gate guards." What guards shipping guards the first attempt at production,
-- from its start: a sign-off while the deployment runs is too late. An attempt
-- that was cancelled counts too, it was under way. A release that is late has
-- until it ships.

with instant as (
    select as_of
    from params
),

release_rows as (
    select
        release_id,
        release_name,
        version,
        system,
        criticality,
        status,
        planned_at,
        released_at
    from releases_as_of
),

baselines as (
    select
        release_id,
        baseline_at,
        freeze_at
    from release_baselines
),

first_attempts as (
    select
        release_id,
        min(coalesce(started_at, finished_at)) as started_at
    from deployments_as_of
    where is_production and release_id is not null
    group by release_id
),

moments as (
    select
        release_rows.release_id,
        release_rows.release_name,
        release_rows.version,
        release_rows.system,
        release_rows.criticality,
        release_rows.status,
        baselines.baseline_at,
        baselines.freeze_at,
        release_rows.planned_at,
        coalesce(
            first_attempts.started_at, release_rows.released_at
        ) as shipped_at
    from release_rows
    left join baselines
        on release_rows.release_id = baselines.release_id
    left join first_attempts
        on release_rows.release_id = first_attempts.release_id
)

select
    moments.release_id,
    moments.release_name,
    moments.version,
    moments.system,
    moments.criticality,
    moments.status,
    moments.baseline_at,
    moments.freeze_at,
    moments.planned_at,
    moments.shipped_at,
    case
        when moments.shipped_at is not null then moments.shipped_at
        when moments.planned_at is not null
            then greatest(moments.planned_at, instant.as_of)
    end as ship_due_at
from moments
cross join instant
order by release_id
