-- name: dependency_releases
-- about: Shipped planned releases whose dependencies are known, the latest
--   first.
-- grain: one row per release
-- key: release_id
-- reads: params, releases_as_of, release_moments, release_items,
--   dependency_spans
-- columns:
--   release_id        string     Release.
--   release_name      string     Its present name.
--   shipped_at        timestamp  When it shipped.
--   release_position  bigint     1 for the release that shipped last.

-- Before the first dependency was written down nobody knows who waited: a
-- release that shipped then is not one without a bottleneck.
-- It shipped when it was released: a first attempt that was taken back is the
-- moment of its gates, not of its shipping. A release all of whose items are
-- hotfixes was not planned; nobody could have waited in it, so it would only
-- push a planned one out of the last four.

with instant as (
    select as_of
    from params
),

first_dependency as (
    select min(raised_at) as raised_at
    from dependency_spans
),

unplanned_releases as (
    select release_id
    from release_items
    where is_in_at_end
    group by release_id
    having count(*) = count(*) filter (where item_type = 'hotfix')
),

moments as (
    select
        release_moments.release_id,
        release_moments.release_name,
        release_moments.status,
        coalesce(
            releases_as_of.released_at,
            case
                when release_moments.status = 'released'
                    then release_moments.shipped_at
            end
        ) as shipped_at
    from release_moments
    inner join releases_as_of
        on release_moments.release_id = releases_as_of.release_id
    left join unplanned_releases
        on release_moments.release_id = unplanned_releases.release_id
    where unplanned_releases.release_id is null
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
