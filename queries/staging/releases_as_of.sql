-- name: releases_as_of
-- about: Releases without what happened to them after the as-of.
-- grain: one row per release
-- key: release_id
-- reads: params, releases
-- columns:
--   release_id    string      Release.
--   release_name  string      Its present name.
--   version       string?     Version.
--   system        string?     System.
--   criticality   string?     low, medium, high or critical.
--   status        string?     planned, in_progress, released or cancelled.
--   summary       string?     What it is about.
--   is_public     boolean?    May be shown outside.
--   planned_at    timestamp?  Planned date.
--   freeze_at     timestamp?  Scope freeze.
--   released_at   timestamp?  Release; null while not released at the as-of.

-- A release that went out after the as-of was still in progress at it. Plans
-- (planned_at, freeze_at) lie ahead by nature and are kept.

with instant as (
    select as_of
    from params
),

known_releases as (
    select
        releases.release_id,
        releases.name as release_name,
        releases.version,
        releases.system,
        releases.criticality,
        case
            when releases.released_at > instant.as_of
                and releases.status = 'released'
                then 'in_progress'
            else releases.status
        end as status,
        releases.summary,
        releases.is_public,
        releases.planned_at,
        releases.freeze_at,
        case
            when releases.released_at <= instant.as_of
                then releases.released_at
        end as released_at
    from releases
    cross join instant
)

select
    release_id,
    release_name,
    version,
    system,
    criticality,
    status,
    summary,
    is_public,
    planned_at,
    freeze_at,
    released_at
from known_releases
order by release_id
