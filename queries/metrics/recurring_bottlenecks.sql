-- name: recurring_bottlenecks
-- about: Who holds up release after release.
-- grain: one row per upstream that a shipped release waited on
-- key: upstream_kind, upstream
-- reads: planning_limits, dependency_releases, release_bottlenecks
-- columns:
--   upstream_kind         string   team, service, data_platform or vendor.
--   upstream              string   Whom releases waited on.
--   position              bigint   1 for the most days in the last releases.
--   recent_release_count  bigint   The last releases: as many as [planning]
--                                  bottleneck_releases says, 4 by default,
--                                  or all there are.
--   recent_hit_count      bigint   Of these, those that waited on it.
--   recent_top_count      bigint   Of these, those that it cost most or second
--                                  or third most.
--   recent_item_count     bigint   Items of the last releases that waited.
--   recent_days           double   Blocked days of the last releases.
--   former_release_count  bigint   The releases before these, at the most as
--                                  many.
--   former_hit_count      bigint   Of these, those that waited on it.
--   former_days           double?  Blocked days of those; null without any.
--   change_days           double?  Recent less former days; null unless there
--                                  are as many former releases as asked.
--   release_count         bigint   All shipped releases that are known.
--   hit_count             bigint   Of these, those that waited on it.
--   return_count          bigint   Times a release waited on it after one that
--                                  had not: it was gone and came back.
--   run_count             bigint   Unbroken row of releases, to the last one,
--                                  that waited on it.

-- Two windows of a few releases tell more from less and claim no trend: twice
-- as many releases are too few to tell one from chance.

with windows as (
    select bottleneck_releases as window_size
    from planning_limits
),

releases_known as (
    select
        release_id,
        release_position
    from dependency_releases
),

hits as (
    select
        release_id,
        upstream_kind,
        upstream,
        item_count,
        blocked_days,
        place
    from release_bottlenecks
),

upstreams as (
    select
        upstream_kind,
        upstream
    from hits
    group by upstream_kind, upstream
),

-- Every upstream with every release, whether that waited on it or not.
chances as (
    select
        upstreams.upstream_kind,
        upstreams.upstream,
        releases_known.release_position,
        windows.window_size,
        releases_known.release_position <= windows.window_size as is_recent,
        releases_known.release_position > windows.window_size
        and releases_known.release_position
        <= 2 * windows.window_size as is_former,
        hits.release_id is not null as is_hit,
        coalesce(hits.place <= 3, false) as is_top,
        coalesce(hits.item_count, 0) as item_count,
        coalesce(hits.blocked_days, 0e0) as blocked_days
    from upstreams
    cross join releases_known
    cross join windows
    left join hits
        on upstreams.upstream_kind = hits.upstream_kind
        and upstreams.upstream = hits.upstream
        and releases_known.release_id = hits.release_id
),

-- Before the first hit there is nothing to come back from.
followed_chances as (
    select
        upstream_kind,
        upstream,
        window_size,
        is_recent,
        is_former,
        is_hit,
        is_top,
        item_count,
        blocked_days,
        lag(is_hit) over (
            partition by upstream_kind, upstream
            order by release_position desc
        ) as was_hit,
        sum(case when is_hit then 1 else 0 end) over (
            partition by upstream_kind, upstream
            order by release_position desc
            rows between unbounded preceding and 1 preceding
        ) as earlier_hit_count,
        sum(case when is_hit then 0 else 1 end) over (
            partition by upstream_kind, upstream
            order by release_position
            rows between unbounded preceding and current row
        ) as later_miss_count
    from chances
),

summed_upstreams as (
    select
        upstream_kind,
        upstream,
        max(window_size) as window_size,
        count(*) filter (where is_recent) as recent_release_count,
        count(*) filter (
            where is_recent and is_hit
        ) as recent_hit_count,
        count(*) filter (
            where is_recent and is_top
        ) as recent_top_count,
        cast(coalesce(sum(item_count) filter (
            where is_recent
        ), 0) as bigint) as recent_item_count,
        coalesce(sum(blocked_days) filter (
            where is_recent
        ), 0e0) as recent_days,
        count(*) filter (
            where is_former
        ) as former_release_count,
        count(*) filter (
            where is_former and is_hit
        ) as former_hit_count,
        sum(blocked_days) filter (
            where is_former
        ) as former_days,
        count(*) as release_count,
        count(*) filter (where is_hit) as hit_count,
        count(*) filter (
            where is_hit and not was_hit and earlier_hit_count > 0
        ) as return_count,
        count(*) filter (where later_miss_count = 0) as run_count
    from followed_chances
    group by upstream_kind, upstream
)

select
    upstream_kind,
    upstream,
    row_number() over (
        order by
            recent_days desc, recent_hit_count desc, hit_count desc,
            upstream, upstream_kind
    ) as position,
    recent_release_count,
    recent_hit_count,
    recent_top_count,
    recent_item_count,
    recent_days,
    former_release_count,
    former_hit_count,
    former_days,
    case
        when former_release_count = window_size then recent_days - former_days
    end as change_days,
    release_count,
    hit_count,
    return_count,
    run_count
from summed_upstreams
order by upstream_kind, upstream
