-- name: weekly_measures
-- about: The eight headline measures, week by week.
-- grain: one row per measure and week
-- key: measure, week_start
-- reads: table_feeds, report_weeks, cycle_time, success_rate,
--   estimation_accuracy, pipeline_failure_rate, baseline_changes,
--   item_stages, item_commitments, deliveries, stage_paces
-- columns:
--   measure      string   The measure; see the list below.
--   week_start   date     Monday of the local week.
--   iso_week     string   For example 2026-W27.
--   value        double?  The measure; null where nothing can be said.
--   numerator    bigint?  Count above the line; null for a quantile.
--   denominator  bigint   What the value rests on (n).
--   is_partial   boolean  The as-of cuts the week short.

-- metrics.md: every rate carries k and n, every duration n; n = 0 gives null,
-- never 0. Weeks without deliveries or deployments count 0 where the table is
-- fed, and null where it is not.
-- cycle_time_p85         days, items delivered in the week, no exclusions.
-- items_delivered        every first delivery, with or without commitment.
-- deployment_count       completed production deployments.
-- success_rate           sound / completed, where incidents are recorded.
-- aging_past_p85         open committed items past their stage's 85th
--                        percentile at the end of the week; n is the open
--                        committed items that could be judged.
-- scope_after_freeze     scope changes after the freeze / scope changes.
-- estimation_error       median |actual - estimate| / actual.
-- pipeline_failure_rate  failed / completed runs.

with feeds as (
    select table_name
    from table_feeds
    where is_fed
),

weeks as (
    select
        week_start,
        iso_week,
        end_at,
        is_partial
    from report_weeks
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
        is_failed
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
),

stays as (
    select
        item_id,
        stage,
        kind,
        entered_at,
        left_at
    from item_stages
),

commitments_made as (
    select
        item_id,
        committed_at
    from item_commitments
),

paces as (
    select
        stage,
        pace_days,
        delivered_at
    from stage_paces
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
            when feeds.table_name is not null
                then 1e0 * weekly_deliveries.item_count
        end as value,
        weekly_deliveries.item_count as numerator,
        weekly_deliveries.item_count as denominator
    from weekly_deliveries
    left join feeds
        on feeds.table_name = 'items'
),

weekly_deployments as (
    select
        weeks.week_start,
        count(judged_deployments.week_start) as deployment_count,
        count(judged_deployments.is_failed) as judged_count,
        count(*) filter (where not judged_deployments.is_failed) as sound_count
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
            when feeds.table_name is not null
                then 1e0 * weekly_deployments.deployment_count
        end as value,
        weekly_deployments.deployment_count as numerator,
        weekly_deployments.deployment_count as denominator
    from weekly_deployments
    left join feeds
        on feeds.table_name = 'deployments'
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

-- "Judged by history up to that instant": only items delivered by the end of
-- the week make its bands.
weekly_bands as (
    select
        weeks.week_start,
        paces.stage,
        percentile_cont(0.85) within group (
            order by paces.pace_days
        ) as p85_days
    from weeks
    inner join paces
        on paces.delivered_at <= weeks.end_at
    group by weeks.week_start, paces.stage
),

reopenings as (
    select
        item_id,
        min(left_at) as reopened_at
    from stays
    where kind = 'done' and left_at is not null
    group by item_id
),

open_stays as (
    select
        stays.item_id,
        stays.stage,
        stays.entered_at,
        stays.left_at,
        commitments_made.committed_at,
        deliveries.delivered_at,
        reopenings.reopened_at
    from stays
    inner join commitments_made
        on stays.item_id = commitments_made.item_id
    left join deliveries
        on stays.item_id = deliveries.item_id
    left join reopenings
        on stays.item_id = reopenings.item_id
    where stays.stage is not null and stays.kind <> 'done'
),

week_end_ages as (
    select
        weeks.week_start,
        open_stays.stage,
        seconds_between(
            open_stays.committed_at, weeks.end_at
        ) / 86400e0 as pace_days
    from weeks
    inner join open_stays
        on open_stays.entered_at <= weeks.end_at
        and coalesce(
            open_stays.left_at, cast('9999-12-31 00:00:00' as timestamp)
        ) > weeks.end_at
    where
        open_stays.committed_at <= weeks.end_at
        and (
            open_stays.delivered_at is null
            or open_stays.delivered_at > weeks.end_at
            or open_stays.reopened_at <= weeks.end_at
        )
),

weekly_ages as (
    select
        week_end_ages.week_start,
        count(*) as judged_count,
        count(*) filter (
            where week_end_ages.pace_days > weekly_bands.p85_days
        ) as past_count
    from week_end_ages
    inner join weekly_bands
        on week_end_ages.week_start = weekly_bands.week_start
        and week_end_ages.stage = weekly_bands.stage
    group by week_end_ages.week_start
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
        weeks.is_partial
    from all_measures
    inner join weeks
        on all_measures.week_start = weeks.week_start
)

select
    measure,
    week_start,
    iso_week,
    value,
    numerator,
    denominator,
    is_partial
from dated_measures
order by measure, week_start
