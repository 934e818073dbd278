-- name: release_summary__parts_add_up
-- about: Every release has its row, and a part never exceeds its whole.
-- grain: one row per release that breaks the claim
-- key: release_id
-- reads: release_summary, scope_volatility
-- columns:
--   release_id  string  Release.

with summed as (
    select
        release_id,
        state,
        deployment_count,
        judged_count,
        failed_count,
        provisional_count,
        item_count,
        end_count,
        end_delivered_count,
        deployed_only_count,
        timed_count,
        divided_count,
        compared_count,
        slip_days,
        effort_ratio
    from release_summary
),

releases_measured as (
    select release_id
    from scope_volatility
),

broken as (
    select releases_measured.release_id
    from releases_measured
    left join summed
        on releases_measured.release_id = summed.release_id
    where
        summed.release_id is null
        or summed.judged_count > summed.deployment_count
        or summed.failed_count + summed.provisional_count
        > summed.judged_count
        or summed.end_count + summed.deployed_only_count > summed.item_count
        or summed.end_delivered_count > summed.end_count
        or summed.timed_count > summed.end_count
        or summed.divided_count > summed.timed_count
        or summed.compared_count > summed.end_delivered_count
        or (summed.compared_count = 0) <> (summed.effort_ratio is null)
        or (summed.state = 'late' and not summed.slip_days > 0)
)

select release_id
from broken
order by release_id
