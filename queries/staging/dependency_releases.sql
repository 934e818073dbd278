-- name: dependency_releases
-- about: Shipped releases whose dependencies are known, the latest first.
-- grain: one row per release
-- key: release_id
-- reads: params, release_moments, dependency_spans
-- columns:
--   release_id        string     Release.
--   release_name      string     Its present name.
--   shipped_at        timestamp  When it shipped.
--   release_position  bigint     1 for the release that shipped last.

-- Before the first dependency was written down nobody knows who waited: a
-- release that shipped then is not one without a bottleneck.

with instant as (
    select as_of
    from params
),

first_dependency as (
    select min(raised_at) as raised_at
    from dependency_spans
),

moments as (
    select
        release_id,
        release_name,
        status,
        shipped_at
    from release_moments
),

known_releases as (
    select
        moments.release_id,
        moments.release_name,
        moments.shipped_at
    from moments
    cross join instant
    inner join first_dependency
        on moments.shipped_at > first_dependency.raised_at
    where
        moments.shipped_at <= instant.as_of
        and moments.status is distinct from 'cancelled'
)

select
    release_id,
    release_name,
    shipped_at,
    row_number() over (
        order by shipped_at desc, release_id desc
    ) as release_position
from known_releases
order by release_id
