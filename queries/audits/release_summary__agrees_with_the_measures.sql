-- name: release_summary__agrees_with_the_measures
-- about: A release's page counts what the measures of the release count.
-- grain: one row per release that breaks the claim
-- key: release_id
-- reads: release_summary, scope_volatility, release_measures
-- columns:
--   release_id  string  Release.

-- Both come from success_rate and baseline_changes, by two ways. Cycle time
-- and estimates are of other items: the page has those at the release's end,
-- the measures those that it has now.

with counted as (
    select
        release_summary.release_id,
        release_summary.deployment_count,
        release_summary.judged_count,
        release_summary.failed_count,
        release_summary.provisional_count,
        case
            when scope_volatility.freeze_at is null then 0
            else scope_volatility.change_count
        end as frozen_change_count,
        scope_volatility.after_freeze_count
    from release_summary
    inner join scope_volatility
        on release_summary.release_id = scope_volatility.release_id
),

measures as (
    select
        measure,
        release_id,
        numerator,
        denominator,
        provisional_count
    from release_measures
),

measured as (
    select
        release_id,
        max(denominator) filter (
            where measure = 'deployment_count'
        ) as deployment_count,
        max(denominator) filter (
            where measure = 'success_rate'
        ) as judged_count,
        max(denominator - numerator) filter (
            where measure = 'success_rate'
        ) as failed_count,
        max(provisional_count) filter (
            where measure = 'success_rate'
        ) as provisional_count,
        max(denominator) filter (
            where measure = 'scope_after_freeze'
        ) as frozen_change_count,
        max(numerator) filter (
            where measure = 'scope_after_freeze'
        ) as after_freeze_count
    from measures
    group by release_id
),

broken as (
    select counted.release_id
    from counted
    left join measured
        on counted.release_id = measured.release_id
    where
        coalesce(measured.deployment_count, 0) <> counted.deployment_count
        or coalesce(measured.judged_count, 0) <> counted.judged_count
        or coalesce(measured.failed_count, 0) <> counted.failed_count
        or coalesce(measured.provisional_count, 0)
        <> counted.provisional_count
        or coalesce(measured.frozen_change_count, 0)
        <> counted.frozen_change_count
        or coalesce(measured.after_freeze_count, 0)
        <> counted.after_freeze_count
)

select release_id
from broken
order by release_id
