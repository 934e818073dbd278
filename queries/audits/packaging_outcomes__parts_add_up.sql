-- name: packaging_outcomes__parts_add_up
-- about: Every completed production deployment stands in one row, a rate is a
--   share of its row, and no release is counted twice.
-- grain: one row per standing that breaks the claim
-- key: packaging
-- reads: packaging_outcomes, packaging_limits, success_rate
-- columns:
--   packaging  string  Standing, or (total).

with outcomes as (
    select
        packaging,
        release_count,
        shipped_count,
        completed_count,
        failed_count,
        unwatched_count,
        failure_rate
    from packaging_outcomes
),

totals as (
    select
        count(*) as row_count,
        sum(release_count) as release_count,
        sum(completed_count) as completed_count,
        sum(failed_count) as failed_count
    from outcomes
),

deployment_totals as (
    select
        count(*) as completed_count,
        count(*) filter (where is_failed) as failed_count
    from success_rate
),

release_totals as (
    select count(distinct release_id) as release_count
    from packaging_limits
),

broken as (
    select '(total)' as packaging
    from totals
    cross join deployment_totals
    cross join release_totals
    where
        totals.row_count <> 4
        or totals.release_count <> release_totals.release_count
        or totals.completed_count <> deployment_totals.completed_count
        or totals.failed_count <> deployment_totals.failed_count
    union all
    select packaging
    from outcomes
    where
        failed_count + unwatched_count > completed_count
        or shipped_count > release_count
        or shipped_count > completed_count
        or (failure_rate is null) <> (completed_count = unwatched_count)
        or failure_rate < 0e0
        or failure_rate > 1e0
)

select packaging
from broken
order by packaging
