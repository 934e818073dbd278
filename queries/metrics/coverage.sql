-- name: coverage
-- about: For each metric, the rows it was given, used and left out, and why.
-- grain: one row per metric and rule
-- key: metric, rule
-- reads: items, deployments, releases, pipeline_runs, items_as_of,
--   deployments_as_of, pipeline_runs_as_of, cycle_time, success_rate, aging,
--   scope_volatility, estimation_accuracy
-- columns:
--   metric       string  One of the six core metrics.
--   rule         string  rows_in, used, or the rule that left rows out.
--   kind         string  in, used or dropped.
--   row_count    bigint  Rows.
--   explanation  string  What the rule means.

-- metrics.md, Coverage ledger: "rows in, rows used, rows dropped and by which
-- rule." Rows in are the rows of the lake's table; for each metric they are
-- the sum of the used and the dropped. Every rule has its row, be it 0.

with item_counts as (
    select count(*) as row_count
    from items
),

deployment_counts as (
    select count(*) as row_count
    from deployments
),

release_counts as (
    select count(*) as row_count
    from releases
),

run_counts as (
    select count(*) as row_count
    from pipeline_runs
),

known_item_counts as (
    select
        count(*) as row_count,
        count(*) filter (where not is_rewindable) as standing_count
    from items_as_of
),

ended_deployment_counts as (
    select
        count(*) as row_count,
        count(*) filter (where not is_production) as elsewhere_count,
        count(*) filter (
            where is_production and not is_completed
        ) as cancelled_count
    from deployments_as_of
),

started_run_counts as (
    select
        count(*) as row_count,
        count(*) filter (where result = 'cancelled') as cancelled_count,
        count(*) filter (where result = 'running') as running_count,
        count(*) filter (
            where result in ('success', 'failure') and week_start is null
        ) as undated_count,
        count(*) filter (
            where result in ('success', 'failure') and week_start is not null
        ) as used_count
    from pipeline_runs_as_of
),

timed_counts as (
    select
        count(*) filter (where exclusion is null) as used_count,
        count(*) filter (
            where exclusion = 'no_commitment'
        ) as no_commitment_count,
        count(*) filter (
            where exclusion = 'negative_span'
        ) as negative_span_count,
        count(*) filter (where exclusion = 'not_started') as not_started_count
    from cycle_time
),

judged_counts as (
    select
        count(*) filter (where exclusion is null) as used_count,
        count(*) filter (
            where exclusion = 'no_incident_feed'
        ) as no_incident_feed_count
    from success_rate
),

open_counts as (
    select count(*) as used_count
    from aging
),

rated_counts as (
    select
        count(*) filter (where exclusion is null) as used_count,
        count(*) filter (where exclusion = 'no_baseline') as no_baseline_count,
        count(*) filter (
            where exclusion = 'baseline_ahead'
        ) as baseline_ahead_count,
        count(*) filter (
            where exclusion = 'no_planned_items'
        ) as no_planned_items_count
    from scope_volatility
),

compared_counts as (
    select
        count(*) as row_count,
        count(*) filter (where exclusion is null) as used_count,
        count(*) filter (where exclusion = 'no_estimate') as no_estimate_count,
        count(*) filter (where exclusion = 'no_effort') as no_effort_count,
        count(*) filter (
            where exclusion = 'zero_estimate'
        ) as zero_estimate_count,
        count(*) filter (where exclusion = 'zero_effort') as zero_effort_count
    from estimation_accuracy
),

cycle_time_ledger as (
    select
        'cycle_time' as metric,
        'rows_in' as rule,
        'in' as kind,
        row_count,
        'items in the lake' as explanation
    from item_counts
    union all
    select
        'cycle_time' as metric,
        'used' as rule,
        'used' as kind,
        timed_counts.used_count as row_count,
        'items with a commitment, delivered or open; not rewindable for want '
        || 'of a change log: '
        || cast(known_item_counts.standing_count as string)
        || ' of all items' as explanation
    from timed_counts
    cross join known_item_counts
    union all
    select
        'cycle_time' as metric,
        'after_as_of' as rule,
        'dropped' as kind,
        item_counts.row_count - known_item_counts.row_count as row_count,
        'created after the as-of' as explanation
    from item_counts
    cross join known_item_counts
    union all
    select
        'cycle_time' as metric,
        'no_commitment' as rule,
        'dropped' as kind,
        no_commitment_count as row_count,
        'straight to done, without commitment' as explanation
    from timed_counts
    union all
    select
        'cycle_time' as metric,
        'negative_span' as rule,
        'dropped' as kind,
        negative_span_count as row_count,
        'delivered before it was committed to' as explanation
    from timed_counts
    union all
    select
        'cycle_time' as metric,
        'not_started' as rule,
        'dropped' as kind,
        not_started_count as row_count,
        'open and not committed to' as explanation
    from timed_counts
),

success_rate_ledger as (
    select
        'success_rate' as metric,
        'rows_in' as rule,
        'in' as kind,
        row_count,
        'deployments in the lake' as explanation
    from deployment_counts
    union all
    select
        'success_rate' as metric,
        'used' as rule,
        'used' as kind,
        used_count as row_count,
        'completed production deployments where incidents are recorded'
            as explanation
    from judged_counts
    union all
    select
        'success_rate' as metric,
        'after_as_of' as rule,
        'dropped' as kind,
        deployment_counts.row_count
        - ended_deployment_counts.row_count as row_count,
        'finished after the as-of' as explanation
    from deployment_counts
    cross join ended_deployment_counts
    union all
    select
        'success_rate' as metric,
        'not_production' as rule,
        'dropped' as kind,
        elsewhere_count as row_count,
        'went to another environment than production' as explanation
    from ended_deployment_counts
    union all
    select
        'success_rate' as metric,
        'cancelled' as rule,
        'dropped' as kind,
        cancelled_count as row_count,
        'cancelled, so not completed' as explanation
    from ended_deployment_counts
    union all
    select
        'success_rate' as metric,
        'no_incident_feed' as rule,
        'dropped' as kind,
        no_incident_feed_count as row_count,
        'no incidents are recorded for its system' as explanation
    from judged_counts
),

aging_ledger as (
    select
        'aging' as metric,
        'rows_in' as rule,
        'in' as kind,
        row_count,
        'items in the lake' as explanation
    from item_counts
    union all
    select
        'aging' as metric,
        'used' as rule,
        'used' as kind,
        used_count as row_count,
        'items open at the as-of' as explanation
    from open_counts
    union all
    select
        'aging' as metric,
        'after_as_of' as rule,
        'dropped' as kind,
        item_counts.row_count - known_item_counts.row_count as row_count,
        'created after the as-of' as explanation
    from item_counts
    cross join known_item_counts
    union all
    select
        'aging' as metric,
        'closed' as rule,
        'dropped' as kind,
        known_item_counts.row_count - open_counts.used_count as row_count,
        'delivered, or in a done stage' as explanation
    from known_item_counts
    cross join open_counts
),

scope_volatility_ledger as (
    select
        'scope_volatility' as metric,
        'rows_in' as rule,
        'in' as kind,
        row_count,
        'releases in the lake' as explanation
    from release_counts
    union all
    select
        'scope_volatility' as metric,
        'used' as rule,
        'used' as kind,
        used_count as row_count,
        'releases with planned items at their baseline' as explanation
    from rated_counts
    union all
    select
        'scope_volatility' as metric,
        'no_baseline' as rule,
        'dropped' as kind,
        no_baseline_count as row_count,
        'neither a freeze nor a committed item' as explanation
    from rated_counts
    union all
    select
        'scope_volatility' as metric,
        'baseline_ahead' as rule,
        'dropped' as kind,
        baseline_ahead_count as row_count,
        'the baseline lies after the as-of' as explanation
    from rated_counts
    union all
    select
        'scope_volatility' as metric,
        'no_planned_items' as rule,
        'dropped' as kind,
        no_planned_items_count as row_count,
        'no item was in it at its baseline' as explanation
    from rated_counts
),

estimation_accuracy_ledger as (
    select
        'estimation_accuracy' as metric,
        'rows_in' as rule,
        'in' as kind,
        row_count,
        'items in the lake' as explanation
    from item_counts
    union all
    select
        'estimation_accuracy' as metric,
        'used' as rule,
        'used' as kind,
        used_count as row_count,
        'delivered items with an estimate and effort' as explanation
    from compared_counts
    union all
    select
        'estimation_accuracy' as metric,
        'after_as_of' as rule,
        'dropped' as kind,
        item_counts.row_count - known_item_counts.row_count as row_count,
        'created after the as-of' as explanation
    from item_counts
    cross join known_item_counts
    union all
    select
        'estimation_accuracy' as metric,
        'not_delivered' as rule,
        'dropped' as kind,
        known_item_counts.row_count - compared_counts.row_count as row_count,
        'not delivered by the as-of' as explanation
    from known_item_counts
    cross join compared_counts
    union all
    select
        'estimation_accuracy' as metric,
        'no_estimate' as rule,
        'dropped' as kind,
        no_estimate_count as row_count,
        'no estimate when work began' as explanation
    from compared_counts
    union all
    select
        'estimation_accuracy' as metric,
        'no_effort' as rule,
        'dropped' as kind,
        no_effort_count as row_count,
        'no effort recorded' as explanation
    from compared_counts
    union all
    select
        'estimation_accuracy' as metric,
        'zero_estimate' as rule,
        'dropped' as kind,
        zero_estimate_count as row_count,
        'an estimate of 0' as explanation
    from compared_counts
    union all
    select
        'estimation_accuracy' as metric,
        'zero_effort' as rule,
        'dropped' as kind,
        zero_effort_count as row_count,
        'effort of 0' as explanation
    from compared_counts
),

pipeline_failure_rate_ledger as (
    select
        'pipeline_failure_rate' as metric,
        'rows_in' as rule,
        'in' as kind,
        row_count,
        'pipeline runs in the lake' as explanation
    from run_counts
    union all
    select
        'pipeline_failure_rate' as metric,
        'used' as rule,
        'used' as kind,
        used_count as row_count,
        'runs that failed or succeeded' as explanation
    from started_run_counts
    union all
    select
        'pipeline_failure_rate' as metric,
        'after_as_of' as rule,
        'dropped' as kind,
        run_counts.row_count - started_run_counts.row_count as row_count,
        'started after the as-of' as explanation
    from run_counts
    cross join started_run_counts
    union all
    select
        'pipeline_failure_rate' as metric,
        'cancelled' as rule,
        'dropped' as kind,
        cancelled_count as row_count,
        'cancelled, so neither failed nor succeeded' as explanation
    from started_run_counts
    union all
    select
        'pipeline_failure_rate' as metric,
        'running' as rule,
        'dropped' as kind,
        running_count as row_count,
        'under way at the as-of' as explanation
    from started_run_counts
    union all
    select
        'pipeline_failure_rate' as metric,
        'outside_calendar' as rule,
        'dropped' as kind,
        undated_count as row_count,
        'started outside the calendar' as explanation
    from started_run_counts
),

ledger as (
    select metric, rule, kind, row_count, explanation
    from cycle_time_ledger
    union all
    select metric, rule, kind, row_count, explanation
    from success_rate_ledger
    union all
    select metric, rule, kind, row_count, explanation
    from aging_ledger
    union all
    select metric, rule, kind, row_count, explanation
    from scope_volatility_ledger
    union all
    select metric, rule, kind, row_count, explanation
    from estimation_accuracy_ledger
    union all
    select metric, rule, kind, row_count, explanation
    from pipeline_failure_rate_ledger
)

select
    metric,
    rule,
    kind,
    row_count,
    explanation
from ledger
order by metric, rule
