-- name: packaging_outcomes
-- about: How production deployments of releases over the packaging limits
--   fared, beside those of the others.
-- grain: one row per standing against the limits
-- key: packaging
-- reads: packaging_limits, success_rate
-- columns:
--   packaging        string   over_limit, within_limit, unknown, or not_judged:
--                             of no release that carries an item.
--   release_count    bigint   Releases that stand so; 0 for not_judged.
--   shipped_count    bigint   Of these, with a completed production deployment.
--   completed_count  bigint   Completed production deployments.
--   failed_count     bigint   Of these, failed.
--   unwatched_count  bigint   Of the completed, without incident feed: neither
--                             failed nor sound.
--   failure_rate     double?  Failed of those that are watched; null without.

-- coverage.md, 3.1: "failure rate of over-limit releases beside it". A
-- release over its limits is over them, waiver or not. All rows are always
-- there, so that a reader sees what there is none of.

with standings as (
    select
        packaging,
        verdict
    from (
        values
            ('over_limit', 'fail'),
            ('within_limit', 'pass'),
            ('unknown', 'unknown'),
            ('not_judged', 'not_judged')
    ) as named_standings(packaging, verdict)
),

release_rows as (
    select
        release_id,
        verdict
    from packaging_limits
),

deployment_rows as (
    select
        success_rate.deployment_id,
        success_rate.release_id,
        success_rate.is_failed,
        coalesce(release_rows.verdict, 'not_judged') as verdict
    from success_rate
    left join release_rows
        on success_rate.release_id = release_rows.release_id
),

release_counts as (
    select
        verdict,
        count(*) as release_count
    from release_rows
    group by verdict
),

deployment_counts as (
    select
        verdict,
        count(distinct release_id) filter (where verdict <> 'not_judged')
            as shipped_count,
        count(*) as completed_count,
        count(*) filter (where is_failed) as failed_count,
        count(*) filter (where is_failed is null) as unwatched_count
    from deployment_rows
    group by verdict
)

select
    standings.packaging,
    cast(coalesce(release_counts.release_count, 0) as bigint)
        as release_count,
    cast(coalesce(deployment_counts.shipped_count, 0) as bigint)
        as shipped_count,
    cast(coalesce(deployment_counts.completed_count, 0) as bigint)
        as completed_count,
    cast(coalesce(deployment_counts.failed_count, 0) as bigint)
        as failed_count,
    cast(coalesce(deployment_counts.unwatched_count, 0) as bigint)
        as unwatched_count,
    cast(deployment_counts.failed_count as double) / nullif(
        deployment_counts.completed_count - deployment_counts.unwatched_count,
        0
    ) as failure_rate
from standings
left join release_counts
    on standings.verdict = release_counts.verdict
left join deployment_counts
    on standings.verdict = deployment_counts.verdict
order by packaging
