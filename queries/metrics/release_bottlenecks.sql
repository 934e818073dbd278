-- name: release_bottlenecks
-- about: Whom each shipped release waited on, and for how long.
-- grain: one row per shipped release and upstream that it waited on
-- key: release_id, upstream_kind, upstream
-- reads: dependency_releases, release_items, dependency_spans
-- columns:
--   release_id        string     Release.
--   release_name      string     Its present name.
--   shipped_at        timestamp  When it shipped.
--   release_position  bigint     1 for the release that shipped last.
--   upstream_kind     string     team, service, data_platform or vendor.
--   upstream          string     Whom it waited on.
--   item_count        bigint     Items of the release that waited on it.
--   blocked_days      double     Item-days of waiting before it shipped.
--   place             bigint     1 for the upstream that cost it most.

-- The items are those that were in the release when it shipped. What they
-- waited before that counts, from whenever, and an item that waits for two
-- things of one upstream loses a day a day, as in dependency_waits. A
-- dependency without a date has no days and makes no row.

with releases_known as (
    select
        release_id,
        release_name,
        shipped_at,
        release_position
    from dependency_releases
),

carried_items as (
    select
        release_id,
        item_id
    from release_items
    where is_in_at_end
),

spans as (
    select
        item_id,
        upstream_kind,
        upstream,
        raised_at,
        ended_at
    from dependency_spans
    where
        raised_at is not null
        and (exclusion is null or exclusion = 'ended_before')
),

clipped_spans as (
    select
        releases_known.release_id,
        spans.item_id,
        spans.upstream_kind,
        spans.upstream,
        spans.raised_at as started_at,
        least(
            coalesce(spans.ended_at, releases_known.shipped_at),
            releases_known.shipped_at
        ) as ended_at
    from releases_known
    inner join carried_items
        on releases_known.release_id = carried_items.release_id
    inner join spans
        on carried_items.item_id = spans.item_id
),

-- What of a span no earlier one of the same item and upstream has covered.
ordered_spans as (
    select
        release_id,
        item_id,
        upstream_kind,
        upstream,
        started_at,
        ended_at,
        max(ended_at) over (
            partition by release_id, item_id, upstream_kind, upstream
            order by started_at, ended_at
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from clipped_spans
    where ended_at > started_at
),

upstream_days as (
    select
        release_id,
        upstream_kind,
        upstream,
        count(distinct item_id) as item_count,
        sum(
            greatest(
                seconds_between(
                    greatest(started_at, coalesce(covered_until, started_at)),
                    ended_at
                ),
                0e0
            )
        ) / 86400e0 as blocked_days
    from ordered_spans
    group by release_id, upstream_kind, upstream
),

placed_upstreams as (
    select
        release_id,
        upstream_kind,
        upstream,
        item_count,
        blocked_days,
        row_number() over (
            partition by release_id
            order by blocked_days desc, upstream, upstream_kind
        ) as place
    from upstream_days
)

select
    releases_known.release_id,
    releases_known.release_name,
    releases_known.shipped_at,
    releases_known.release_position,
    placed_upstreams.upstream_kind,
    placed_upstreams.upstream,
    placed_upstreams.item_count,
    placed_upstreams.blocked_days,
    placed_upstreams.place
from placed_upstreams
inner join releases_known
    on placed_upstreams.release_id = releases_known.release_id
order by release_id, upstream_kind, upstream
