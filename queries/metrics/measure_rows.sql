-- name: measure_rows
-- about: The rows behind every headline figure, period by period.
-- grain: one row per measure, period and subject
-- key: measure, period_kind, period, subject_id
-- reads: period_days, report_periods, local_days, cycle_time, success_rate,
--   rework_deployments, estimation_accuracy, aging, period_ages,
--   baseline_changes, pipeline_runs_as_of, items_as_of
-- columns:
--   measure         string      The measure; see the list below.
--   period_kind     string      week, quarter or release.
--   period          string      2026-W27, 2026-Q2 or a release_id.
--   subject_type    string      item, deployment, day, scope_change, ...
--   subject_id      string      The subject's id.
--   item_id         string?     Item it concerns.
--   release_id      string?     Release it concerns.
--   team            string?     Team it concerns.
--   value           double?     What a quantile is taken of.
--   is_counted      boolean     Above the line; of a quantile, has a value.
--   is_denominator  boolean     Below the line, or one of the values.
--   is_provisional  boolean     May still turn out otherwise.
--   occurred_at     timestamp?  When; it decides the period.

-- weekly_measures, quarterly_measures and release_measures aggregate these
-- rows and read nothing else, so two pages cannot disagree and every figure
-- has its list. Each definition is cited, and how it is read, in the metric's
-- own query. What the rows of a measure are:
-- cycle_time_p85         items delivered in the period, no exclusions; days.
-- items_delivered        every first delivery, with or without commitment.
-- deployment_count       completed production deployments.
-- deployment_days        local days with one. Of a quarter, only days of weeks
--                        that lie in it whole and in which the feed speaks.
-- success_rate           completed production deployments where incidents are
--                        recorded; counted are the sound ones, provisional
--                        those of which the incident window is open.
-- rework_rate            the same deployments; counted are those that answer
--                        an incident or repair another (rework_deployments).
-- recovery_hours         failed ones; hours from their end to restoration.
--                        Provisional, and without a value, while an incident
--                        is open; without a value too where nothing says when
--                        service was restored.
-- aging_past_p85         open committed items that could be judged at the end
--                        of the period; counted are those past their stage's
--                        85th percentile. Of a release: at the as-of.
-- scope_after_freeze     scope changes of releases that have a freeze; counted
--                        are those after it.
-- estimation_error       delivered items with both figures; |A - E| / A.
-- pipeline_failure_rate  completed runs; counted are the failed ones.

with days as (
    select
        utc_date,
        day,
        period_kind,
        period,
        start_at,
        end_at
    from period_days
),

local_calendar as (
    select
        utc_date,
        day,
        week_start,
        start_at,
        end_at
    from local_days
),

periods as (
    select
        period_kind,
        period,
        start_on,
        end_on,
        end_at
    from report_periods
),

item_rows as (
    select
        item_id,
        team,
        release_id
    from items_as_of
),

timed_items as (
    select
        item_id,
        release_id,
        team,
        elapsed_days,
        exclusion,
        delivered_at
    from cycle_time
    where is_delivered
),

judged_deployments as (
    select
        deployment_id,
        release_id,
        is_failed,
        is_window_open,
        incident_count,
        recovery_hours,
        restored_at,
        finished_at
    from success_rate
),

rework_marks as (
    select deployment_id
    from rework_deployments
),

compared_items as (
    select
        item_id,
        team,
        error_ratio,
        finished_at
    from estimation_accuracy
    where exclusion is null
),

open_items as (
    select
        item_id,
        team,
        release_id,
        pace_days,
        is_past_p85
    from aging
    where is_committed and is_past_p85 is not null
),

ages as (
    select
        period_kind,
        period,
        item_id,
        pace_days,
        is_past_p85
    from period_ages
),

scope_changes_made as (
    select
        release_id,
        item_id,
        move_number,
        is_after_freeze,
        changed_at
    from baseline_changes
    where is_after_freeze is not null
),

completed_runs as (
    select
        run_id,
        item_id,
        release_id,
        team,
        result,
        started_at
    from pipeline_runs_as_of
    where result in ('failure', 'success')
),

-- What happened at an instant, whatever period that falls into.
dated_subjects as (
    select
        'cycle_time_p85' as measure,
        'item' as subject_type,
        item_id as subject_id,
        item_id,
        release_id,
        team,
        elapsed_days as value,
        true as is_counted,
        true as is_denominator,
        false as is_provisional,
        delivered_at as occurred_at
    from timed_items
    where exclusion is null
    union all
    select
        'items_delivered' as measure,
        'item' as subject_type,
        item_id as subject_id,
        item_id,
        release_id,
        team,
        cast(null as double) as value,
        true as is_counted,
        true as is_denominator,
        false as is_provisional,
        delivered_at as occurred_at
    from timed_items
    union all
    select
        'deployment_count' as measure,
        'deployment' as subject_type,
        deployment_id as subject_id,
        cast(null as string) as item_id,
        release_id,
        cast(null as string) as team,
        cast(null as double) as value,
        true as is_counted,
        true as is_denominator,
        false as is_provisional,
        finished_at as occurred_at
    from judged_deployments
    union all
    select
        'success_rate' as measure,
        'deployment' as subject_type,
        deployment_id as subject_id,
        cast(null as string) as item_id,
        release_id,
        cast(null as string) as team,
        cast(null as double) as value,
        not is_failed as is_counted,
        true as is_denominator,
        is_window_open as is_provisional,
        finished_at as occurred_at
    from judged_deployments
    where is_failed is not null
    union all
    select
        'rework_rate' as measure,
        'deployment' as subject_type,
        judged_deployments.deployment_id as subject_id,
        cast(null as string) as item_id,
        judged_deployments.release_id,
        cast(null as string) as team,
        cast(null as double) as value,
        rework_marks.deployment_id is not null as is_counted,
        true as is_denominator,
        false as is_provisional,
        judged_deployments.finished_at as occurred_at
    from judged_deployments
    left join rework_marks
        on judged_deployments.deployment_id = rework_marks.deployment_id
    where judged_deployments.is_failed is not null
    union all
    select
        'recovery_hours' as measure,
        'deployment' as subject_type,
        deployment_id as subject_id,
        cast(null as string) as item_id,
        release_id,
        cast(null as string) as team,
        recovery_hours as value,
        recovery_hours is not null as is_counted,
        recovery_hours is not null as is_denominator,
        restored_at is null and incident_count > 0 as is_provisional,
        finished_at as occurred_at
    from judged_deployments
    where is_failed
    union all
    select
        'scope_after_freeze' as measure,
        'scope_change' as subject_type,
        scope_changes_made.release_id || '/' || scope_changes_made.item_id
        || '/' || cast(scope_changes_made.move_number as string) as subject_id,
        scope_changes_made.item_id,
        scope_changes_made.release_id,
        item_rows.team,
        cast(null as double) as value,
        scope_changes_made.is_after_freeze as is_counted,
        true as is_denominator,
        false as is_provisional,
        scope_changes_made.changed_at as occurred_at
    from scope_changes_made
    left join item_rows
        on scope_changes_made.item_id = item_rows.item_id
    union all
    select
        'estimation_error' as measure,
        'item' as subject_type,
        compared_items.item_id as subject_id,
        compared_items.item_id,
        item_rows.release_id,
        compared_items.team,
        compared_items.error_ratio as value,
        true as is_counted,
        true as is_denominator,
        false as is_provisional,
        compared_items.finished_at as occurred_at
    from compared_items
    left join item_rows
        on compared_items.item_id = item_rows.item_id
    union all
    select
        'pipeline_failure_rate' as measure,
        'pipeline_run' as subject_type,
        run_id as subject_id,
        item_id,
        release_id,
        team,
        cast(null as double) as value,
        result = 'failure' as is_counted,
        true as is_denominator,
        false as is_provisional,
        started_at as occurred_at
    from completed_runs
),

period_subjects as (
    select
        dated_subjects.measure,
        days.period_kind,
        days.period,
        dated_subjects.subject_type,
        dated_subjects.subject_id,
        dated_subjects.item_id,
        dated_subjects.release_id,
        dated_subjects.team,
        dated_subjects.value,
        dated_subjects.is_counted,
        dated_subjects.is_denominator,
        dated_subjects.is_provisional,
        dated_subjects.occurred_at
    from dated_subjects
    inner join days
        on cast(dated_subjects.occurred_at as date) = days.utc_date
        and dated_subjects.occurred_at >= days.start_at
        and dated_subjects.occurred_at < days.end_at
),

release_subjects as (
    select
        measure,
        'release' as period_kind,
        release_id as period,
        subject_type,
        subject_id,
        item_id,
        release_id,
        team,
        value,
        is_counted,
        is_denominator,
        is_provisional,
        occurred_at
    from dated_subjects
    where release_id is not null
    union all
    select
        'aging_past_p85' as measure,
        'release' as period_kind,
        release_id as period,
        'item' as subject_type,
        item_id as subject_id,
        item_id,
        release_id,
        team,
        pace_days as value,
        is_past_p85 as is_counted,
        true as is_denominator,
        false as is_provisional,
        cast(null as timestamp) as occurred_at
    from open_items
    where release_id is not null
),

aged_subjects as (
    select
        'aging_past_p85' as measure,
        ages.period_kind,
        ages.period,
        'item' as subject_type,
        ages.item_id as subject_id,
        ages.item_id,
        item_rows.release_id,
        item_rows.team,
        ages.pace_days as value,
        ages.is_past_p85 as is_counted,
        true as is_denominator,
        false as is_provisional,
        periods.end_at as occurred_at
    from ages
    inner join periods
        on ages.period_kind = periods.period_kind
        and ages.period = periods.period
    left join item_rows
        on ages.item_id = item_rows.item_id
),

deployment_dates as (
    select
        local_calendar.day,
        local_calendar.week_start,
        min(judged_deployments.finished_at) as first_at
    from judged_deployments
    inner join local_calendar
        on cast(judged_deployments.finished_at as date)
        = local_calendar.utc_date
        and judged_deployments.finished_at >= local_calendar.start_at
        and judged_deployments.finished_at < local_calendar.end_at
    group by local_calendar.day, local_calendar.week_start
),

day_subjects as (
    select
        'deployment_days' as measure,
        periods.period_kind,
        periods.period,
        'day' as subject_type,
        cast(deployment_dates.day as string) as subject_id,
        cast(null as string) as item_id,
        cast(null as string) as release_id,
        cast(null as string) as team,
        cast(null as double) as value,
        true as is_counted,
        true as is_denominator,
        false as is_provisional,
        deployment_dates.first_at as occurred_at
    from deployment_dates
    inner join periods
        on deployment_dates.week_start >= periods.start_on
        and deployment_dates.week_start + 6 <= periods.end_on
),

all_subjects as (
    select
        measure, period_kind, period, subject_type, subject_id, item_id,
        release_id, team, value, is_counted, is_denominator, is_provisional,
        occurred_at
    from period_subjects
    union all
    select
        measure, period_kind, period, subject_type, subject_id, item_id,
        release_id, team, value, is_counted, is_denominator, is_provisional,
        occurred_at
    from release_subjects
    union all
    select
        measure, period_kind, period, subject_type, subject_id, item_id,
        release_id, team, value, is_counted, is_denominator, is_provisional,
        occurred_at
    from aged_subjects
    union all
    select
        measure, period_kind, period, subject_type, subject_id, item_id,
        release_id, team, value, is_counted, is_denominator, is_provisional,
        occurred_at
    from day_subjects
)

select
    measure,
    period_kind,
    period,
    subject_type,
    subject_id,
    item_id,
    release_id,
    team,
    value,
    is_counted,
    is_denominator,
    is_provisional,
    occurred_at
from all_subjects
order by measure, period_kind, period, subject_id
