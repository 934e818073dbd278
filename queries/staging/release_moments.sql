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
--   is_called_off boolean     Cancelled before it shipped: no gate is about it.
--   baseline_at   timestamp?  Its scope's baseline; may lie ahead.
--   freeze_at     timestamp?  Scope freeze; may lie ahead.
--   planned_at    timestamp?  Planned date.
--   shipped_at    timestamp?  Start of its first production deployment, else
--                             its release; null while it has not shipped.
--   ship_since_at timestamp?  Before this instant it had not begun to ship;
--                             null where nobody knows since when it has.
--   ship_due_at   timestamp?  shipped_at; before that the planned date, and
--                             once that has passed the as-of; null where no
--                             date is known.

-- coverage.md: "Evidence counts only when it is dated before the moment the
-- gate guards." What guards shipping guards the first attempt at production,
-- from its start: a sign-off while the deployment runs is too late. An attempt
-- that was cancelled counts too, it was under way. A release that is late has
-- until it ships. Of an attempt whose start nobody knows, the end is the latest
-- that it can have begun, or the release where that came before: what is dated
-- earlier than such an end may have come before the start or while it ran. The
-- same holds for a release that is out, nobody knows since when.

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
        min(coalesce(started_at, finished_at)) as begun_at,
        min(started_at) as started_at
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
        case
            when first_attempts.started_at = first_attempts.begun_at
                then first_attempts.begun_at
            when release_rows.released_at < first_attempts.begun_at
                then release_rows.released_at
            else coalesce(first_attempts.begun_at, release_rows.released_at)
        end as shipped_at,
        first_attempts.begun_at is null
        or coalesce(first_attempts.started_at = first_attempts.begun_at, false)
        or coalesce(release_rows.released_at < first_attempts.begun_at, false)
            as is_start_known
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
    moments.shipped_at is null
    and coalesce(moments.status, 'planned') = 'cancelled' as is_called_off,
    moments.baseline_at,
    moments.freeze_at,
    moments.planned_at,
    moments.shipped_at,
    case
        when moments.shipped_at is not null and moments.is_start_known
            then moments.shipped_at
        when moments.shipped_at is not null or moments.status = 'released'
            then cast(null as timestamp)
        when moments.planned_at is not null
            then greatest(moments.planned_at, instant.as_of)
        else plus_seconds(instant.as_of, 1e0)
    end as ship_since_at,
    case
        when moments.shipped_at is not null then moments.shipped_at
        when moments.status = 'released' then cast(null as timestamp)
        when moments.planned_at is not null
            then greatest(moments.planned_at, instant.as_of)
    end as ship_due_at
from moments
cross join instant
order by release_id
