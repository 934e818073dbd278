-- name: coverage_counts_in_depth
-- about: How many rows each rule met, for the marts beside the core metrics.
-- grain: one row per metric and rule that met a row
-- key: metric, rule
-- reads: dependencies, report_weeks, coverage_counts, pipeline_runs_as_of,
--   cycle_time, aging, estimation_accuracy, estimation_summary,
--   estimation_calibration, corrected_estimates, pipeline_failures_by_team,
--   dependency_spans, dependency_waits, item_outcomes, cycle_time_parts,
--   backlog_ages, stage_stays, stage_entries, incidents, feedback,
--   operation_reports, pattern_reports
-- columns:
--   metric     string  Mart whose rows are accounted for.
--   rule       string  See coverage_rules.
--   row_count  bigint  Rows.

-- What is used is counted in the mart itself, what is left out where it came
-- from: the ledger adds up only if the mart kept every row that it should.

with weeks as (
    select week_start
    from report_weeks
),

core_counts as (
    select
        metric,
        rule,
        row_count
    from coverage_counts
),

estimates as (
    select
        estimation_accuracy.exclusion,
        weeks.week_start is null as is_outside
    from estimation_accuracy
    left join weeks
        on estimation_accuracy.week_start = weeks.week_start
),

timed_items as (
    select
        exclusion,
        active_days is null as is_unlogged
    from cycle_time
),

open_items as (
    select is_committed
    from aging
),

runs as (
    select
        pipeline_runs_as_of.result,
        weeks.week_start is null as is_outside
    from pipeline_runs_as_of
    left join weeks
        on pipeline_runs_as_of.week_start = weeks.week_start
),

dependency_counts as (
    select count(*) as row_count
    from dependencies
),

spans as (
    select exclusion
    from dependency_spans
),

span_counts as (
    select count(*) as row_count
    from spans
),

stay_counts as (
    select count(*) as row_count
    from stage_stays
),

report_counts as (
    select count(*) as row_count
    from incidents
    union all
    select count(*) as row_count
    from feedback
),

-- Reports of the as-of: why they are no trouble, or whether they recur.
judged_reports as (
    select
        operation_reports.report_id,
        coalesce(
            operation_reports.exclusion,
            case
                when pattern_reports.standing = 'recurring' then 'used'
                else pattern_reports.standing
            end
        ) as rule
    from operation_reports
    left join pattern_reports
        on operation_reports.report_id = pattern_reports.report_id
),

judged_counts as (
    select count(*) as row_count
    from operation_reports
),

all_reports as (
    select cast(sum(row_count) as bigint) as row_count
    from report_counts
),

-- Rules that a mart shares with a core metric.
shared_counts as (
    select 'estimation_summary' as metric, rule, row_count
    from core_counts
    where metric = 'estimation_accuracy' and rule <> 'used'
    union all
    select 'estimation_calibration' as metric, rule, row_count
    from core_counts
    where metric = 'estimation_accuracy' and rule <> 'used'
    union all
    select 'corrected_estimates' as metric, rule, row_count
    from core_counts
    where metric = 'aging' and rule <> 'used'
    union all
    select 'backlog_ages' as metric, rule, row_count
    from core_counts
    where metric = 'aging' and rule <> 'used'
    union all
    select 'item_outcomes' as metric, rule, row_count
    from core_counts
    where
        metric = 'estimation_accuracy'
        and rule in (
            'rows_in', 'after_as_of', 'not_delivered', 'delivery_unknown'
        )
    union all
    select 'cycle_time_parts' as metric, rule, row_count
    from core_counts
    where metric = 'cycle_time' and rule <> 'used'
    union all
    select 'pipeline_failures_by_team' as metric, rule, row_count
    from core_counts
    where
        metric = 'pipeline_failure_rate'
        and rule in ('rows_in', 'after_as_of', 'cancelled', 'running')
),

used_counts as (
    select 'estimation_summary' as metric, 'used' as rule, item_count
    from estimation_summary
    where dimension = 'all'
    union all
    select
        'estimation_calibration' as metric,
        'used' as rule,
        fit_count + score_count as item_count
    from estimation_calibration
    union all
    select
        'pipeline_failures_by_team' as metric,
        'used' as rule,
        completed_count as item_count
    from pipeline_failures_by_team
    where is_total
    union all
    select
        'dependency_waits' as metric,
        'used' as rule,
        dependency_count as item_count
    from dependency_waits
    union all
    select
        'backlog_ages' as metric,
        case
            when age_bucket = 'unknown' then 'unknown_age' else 'used'
        end as rule,
        item_count
    from backlog_ages
),

single_rows as (
    select 'estimation_summary' as metric, 'outside_weeks' as rule
    from estimates
    where exclusion is null and is_outside
    union all
    select
        'corrected_estimates' as metric,
        coalesce(exclusion, 'used') as rule
    from corrected_estimates
    union all
    select
        'item_outcomes' as metric,
        coalesce(exclusion, 'used') as rule
    from item_outcomes
    union all
    select
        'stage_entries' as metric,
        coalesce(exclusion, 'used') as rule
    from stage_entries
    union all
    select 'cycle_time_parts' as metric, 'used' as rule
    from cycle_time_parts
    union all
    select 'cycle_time_parts' as metric, 'no_status_log' as rule
    from timed_items
    where exclusion is null and is_unlogged
    union all
    select 'backlog_ages' as metric, 'committed' as rule
    from open_items
    where is_committed
    union all
    select 'pipeline_failures_by_team' as metric, 'outside_weeks' as rule
    from runs
    where result in ('failure', 'success') and is_outside
    union all
    select 'dependency_waits' as metric, exclusion as rule
    from spans
    where exclusion is not null
),

counted_rows as (
    select metric, rule, row_count
    from shared_counts
    union all
    select metric, rule, cast(sum(item_count) as bigint) as row_count
    from used_counts
    group by metric, rule
    union all
    select metric, rule, count(*) as row_count
    from single_rows
    group by metric, rule
    union all
    select 'dependency_waits' as metric, 'rows_in' as rule, row_count
    from dependency_counts
    union all
    select 'stage_entries' as metric, 'rows_in' as rule, row_count
    from stay_counts
    union all
    select 'feedback_patterns' as metric, 'rows_in' as rule, row_count
    from all_reports
    union all
    select
        'feedback_patterns' as metric,
        rule,
        count(*) as row_count
    from judged_reports
    group by rule
    union all
    select
        'feedback_patterns' as metric,
        'after_as_of' as rule,
        all_reports.row_count - judged_counts.row_count as row_count
    from all_reports
    cross join judged_counts
    union all
    select
        'dependency_waits' as metric,
        'after_as_of' as rule,
        dependency_counts.row_count - span_counts.row_count as row_count
    from dependency_counts
    cross join span_counts
)

select
    metric,
    rule,
    row_count
from counted_rows
order by metric, rule
