-- name: weekly_measures
-- about: The eight headline measures, week by week.
-- grain: one row per measure and week
-- key: measure, week_start
-- reads: report_weeks, feed_weeks, cycle_time, success_rate,
--   estimation_accuracy, pipeline_failure_rate, baseline_changes,
--   weekly_aging
-- columns:
--   measure            string   The measure; see the list below.
--   week_start         date     Monday of the local week.
--   iso_week           string   For example 2026-W27.
--   value              double?  The measure; null where nothing can be said.
--   numerator          bigint?  Count above the line; null for a quantile.
--   denominator        bigint   What the value rests on (n).
--   is_partial         boolean  The as-of cuts the week short.
--   provisional_count  bigint   Of n, what may still turn out otherwise.

-- metrics.md: every rate carries k and n, every duration n; n = 0 gives null,
-- never 0. A week without deliveries or deployments counts 0 between the first
-- and the last row of the feed, and null before and after (see feed_weeks): a
-- source that has not begun or has stopped is unknown, not zero.
-- cycle_time_p85         days, items delivered in the week, no exclusions.
-- items_delivered        every first delivery, with or without commitment.
-- deployment_count       completed production deployments.
-- success_rate           sound / completed, where incidents are recorded;
--                        provisional are the sound ones whose window is open.
-- aging_past_p85         open committed items past their stage's 85th
--                        percentile at the end of the week; n is the open
--                        committed items that could be judged (weekly_aging).
-- scope_after_freeze     scope changes after the freeze / scope changes, of
--                        releases that have a freeze.
-- estimation_error       median |actual - estimate| / actual.
-- pipeline_failure_rate  failed / completed runs.

with weeks as (
    select
        week_start,
        iso_week,
        end_at,
        is_partial
    from report_weeks
),

feeds as (
    select
        measure,
        first_week_start,
        last_week_start
    from feed_weeks
),

timed_items as (
    select
        delivered_week_start as week_start,
        elapsed_days,
        exclusion
    from cycle_time
    where is_delivered
),

judged_deployments as (
    select
        week_start,
        is_failed,
        is_window_open
    from success_rate
),

compared_estimates as (
    select
        week_start,
        error_ratio
    from estimation_accuracy
    where exclusion is null
),

run_counts as (
    select
        week_start,
        failed_count,
        completed_count
    from pipeline_failure_rate
),

scope_changes_made as (
    select
        week_start,
        is_after_freeze
    from baseline_changes
    where is_after_freeze is not null
),

weekly_ages as (
    select
        week_start,
        judged_count,
        past_count
    from weekly_aging
),

weekly_cycle_times as (
    select
        'cycle_time_p85' as measure,
        weeks.week_start,
        percentile_cont(0.85) within group (
            order by timed_items.elapsed_days
        ) as value,
        cast(null as bigint) as numerator,
        count(timed_items.elapsed_days) as denominator
    from weeks
    left join timed_items
        on weeks.week_start = timed_items.week_start
        and timed_items.exclusion is null
    group by weeks.week_start
),

weekly_deliveries as (
    select
        weeks.week_start,
        count(timed_items.week_start) as item_count
    from weeks
    left join timed_items
        on weeks.week_start = timed_items.week_start
    group by weeks.week_start
),

delivery_counts as (
    select
        'items_delivered' as measure,
        weekly_deliveries.week_start,
        case
            when feeds.measure is not null
                then 1e0 * weekly_deliveries.item_count
        end as value,
        case
            when feeds.measure is not null then weekly_deliveries.item_count
        end as numerator,
        weekly_deliveries.item_count as denominator
    from weekly_deliveries
    left join feeds
        on feeds.measure = 'items_delivered'
        and weekly_deliveries.week_start >= feeds.first_week_start
        and weekly_deliveries.week_start <= feeds.last_week_start
),

weekly_deployments as (
    select
        weeks.week_start,
        count(judged_deployments.week_start) as deployment_count,
        count(judged_deployments.is_failed) as judged_count,
        count(*) filter (
            where not judged_deployments.is_failed
        ) as sound_count,
        count(*) filter (
            where judged_deployments.is_window_open
        ) as provisional_count
    from weeks
    left join judged_deployments
        on weeks.week_start = judged_deployments.week_start
    group by weeks.week_start
),

deployment_counts as (
    select
        'deployment_count' as measure,
        weekly_deployments.week_start,
        case
            when feeds.measure is not null
                then 1e0 * weekly_deployments.deployment_count
        end as value,
        case
            when feeds.measure is not null
                then weekly_deployments.deployment_count
        end as numerator,
        weekly_deployments.deployment_count as denominator
    from weekly_deployments
    left join feeds
        on feeds.measure = 'deployment_count'
        and weekly_deployments.week_start >= feeds.first_week_start
        and weekly_deployments.week_start <= feeds.last_week_start
),

success_rates as (
    select
        'success_rate' as measure,
        week_start,
        1e0 * sound_count / nullif(judged_count, 0) as value,
        sound_count as numerator,
        judged_count as denominator
    from weekly_deployments
),

aging_counts as (
    select
        'aging_past_p85' as measure,
        weeks.week_start,
        1e0 * weekly_ages.past_count as value,
        weekly_ages.past_count as numerator,
        coalesce(weekly_ages.judged_count, 0) as denominator
    from weeks
    left join weekly_ages
        on weeks.week_start = weekly_ages.week_start
),

weekly_scope as (
    select
        weeks.week_start,
        count(scope_changes_made.week_start) as change_count,
        count(*) filter (
            where scope_changes_made.is_after_freeze
        ) as after_freeze_count
    from weeks
    left join scope_changes_made
        on weeks.week_start = scope_changes_made.week_start
    group by weeks.week_start
),

scope_ratios as (
    select
        'scope_after_freeze' as measure,
        week_start,
        1e0 * after_freeze_count / nullif(change_count, 0) as value,
        after_freeze_count as numerator,
        change_count as denominator
    from weekly_scope
),

estimation_errors as (
    select
        'estimation_error' as measure,
        weeks.week_start,
        percentile_cont(0.5) within group (
            order by compared_estimates.error_ratio
        ) as value,
        cast(null as bigint) as numerator,
        count(compared_estimates.error_ratio) as denominator
    from weeks
    left join compared_estimates
        on weeks.week_start = compared_estimates.week_start
    group by weeks.week_start
),

weekly_runs as (
    select
        weeks.week_start,
        cast(coalesce(sum(run_counts.failed_count), 0) as bigint)
            as failed_count,
        cast(coalesce(sum(run_counts.completed_count), 0) as bigint)
            as completed_count
    from weeks
    left join run_counts
        on weeks.week_start = run_counts.week_start
    group by weeks.week_start
),

failure_ratios as (
    select
        'pipeline_failure_rate' as measure,
        week_start,
        1e0 * failed_count / nullif(completed_count, 0) as value,
        failed_count as numerator,
        completed_count as denominator
    from weekly_runs
),

all_measures as (
    select measure, week_start, value, numerator, denominator
    from weekly_cycle_times
    union all
    select measure, week_start, value, numerator, denominator
    from delivery_counts
    union all
    select measure, week_start, value, numerator, denominator
    from deployment_counts
    union all
    select measure, week_start, value, numerator, denominator
    from success_rates
    union all
    select measure, week_start, value, numerator, denominator
    from aging_counts
    union all
    select measure, week_start, value, numerator, denominator
    from scope_ratios
    union all
    select measure, week_start, value, numerator, denominator
    from estimation_errors
    union all
    select measure, week_start, value, numerator, denominator
    from failure_ratios
),

dated_measures as (
    select
        all_measures.measure,
        all_measures.week_start,
        weeks.iso_week,
        all_measures.value,
        all_measures.numerator,
        all_measures.denominator,
        weeks.is_partial,
        case
            when all_measures.measure = 'success_rate'
                then weekly_deployments.provisional_count
            else 0
        end as provisional_count
    from all_measures
    inner join weeks
        on all_measures.week_start = weeks.week_start
    inner join weekly_deployments
        on all_measures.week_start = weekly_deployments.week_start
)

select
    measure,
    week_start,
    iso_week,
    value,
    numerator,
    denominator,
    is_partial,
    provisional_count
from dated_measures
order by measure, week_start
