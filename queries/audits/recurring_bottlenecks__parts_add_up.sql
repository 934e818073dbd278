-- name: recurring_bottlenecks__parts_add_up
-- about: What upstreams cost releases in all is what each release lost.
-- grain: one row where the claim is broken
-- key: hit_count
-- reads: planning_limits, release_bottlenecks, recurring_bottlenecks
-- columns:
--   hit_count     bigint  Releases and upstreams that met.
--   summed_count  bigint  The same, added up by upstream.

with parts as (
    select
        count(*) as hit_count,
        coalesce(sum(release_bottlenecks.blocked_days) filter (
            where release_bottlenecks.release_position
            <= planning_limits.bottleneck_releases
        ), 0e0) as recent_days
    from release_bottlenecks
    cross join planning_limits
),

sums as (
    select
        cast(coalesce(sum(hit_count), 0) as bigint) as hit_count,
        coalesce(sum(recent_days), 0e0) as recent_days,
        count(*) filter (
            where recent_hit_count > recent_release_count
            or recent_top_count > recent_hit_count
            or recent_hit_count + former_hit_count > hit_count
            or hit_count > release_count
            or run_count > hit_count
            or return_count >= greatest(hit_count, 1)
        ) as torn_count
    from recurring_bottlenecks
),

broken as (
    select
        parts.hit_count,
        sums.hit_count as summed_count
    from parts
    cross join sums
    where
        parts.hit_count <> sums.hit_count
        or abs(parts.recent_days - sums.recent_days)
        > 1e-6 * greatest(parts.recent_days, 1e0)
        or sums.torn_count > 0
)

select
    hit_count,
    summed_count
from broken
order by hit_count
