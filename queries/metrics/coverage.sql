-- name: coverage
-- about: For each metric, the rows it was given, used and left out, and why.
-- grain: one row per metric and rule
-- key: metric, rule
-- reads: items, deployments, releases, pipeline_runs, items_as_of,
--   deployments_as_of, pipeline_runs_as_of, coverage_notes, cycle_time,
--   success_rate, aging, scope_volatility, estimation_accuracy
-- columns:
--   metric       string  One of the six core metrics.
--   rule         string  rows_in, used, or the rule that left rows out.
--   kind         string  in, used or dropped.
--   row_count    bigint  Rows.
--   explanation  string  What the rule means, and words nobody gave a meaning.

-- metrics.md, Coverage ledger: "rows in, rows used, rows dropped and by which
-- rule." Rows in are the rows of the lake's table; for each metric they are
-- the sum of the used and the dropped. Every rule has its row, be it 0. What
-- drops no row by itself (a status without a stage, a field nobody reads, an
-- item without a change log) is told in the explanation of the row it
-- concerns: see coverage_notes.

with rules as (
    select
        metric,
        rule,
        kind,
        explanation
    from (
        values
        ('cycle_time', 'rows_in', 'in', 'items in the lake'),
        (
            'cycle_time', 'used', 'used',
            'items with a commitment, delivered or open'
        ),
        ('cycle_time', 'after_as_of', 'dropped', 'created after the as-of'),
        (
            'cycle_time', 'no_commitment', 'dropped',
            'straight to done, without commitment'
        ),
        (
            'cycle_time', 'negative_span', 'dropped',
            'delivered before it was committed to'
        ),
        ('cycle_time', 'not_started', 'dropped', 'open and not committed to'),
        (
            'cycle_time', 'closed_undelivered', 'dropped',
            'committed to and moved to a done stage, but not delivered'
        ),
        (
            'cycle_time', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        ('success_rate', 'rows_in', 'in', 'deployments in the lake'),
        (
            'success_rate', 'used', 'used',
            'completed production deployments where incidents are recorded'
        ),
        ('success_rate', 'after_as_of', 'dropped', 'finished after the as-of'),
        (
            'success_rate', 'not_production', 'dropped',
            'went to another environment than production'
        ),
        (
            'success_rate', 'cancelled', 'dropped',
            'cancelled, so not completed'
        ),
        (
            'success_rate', 'no_incident_feed', 'dropped',
            'no incidents are recorded for its system'
        ),
        ('aging', 'rows_in', 'in', 'items in the lake'),
        ('aging', 'used', 'used', 'items open at the as-of'),
        ('aging', 'after_as_of', 'dropped', 'created after the as-of'),
        ('aging', 'closed', 'dropped', 'delivered, or in a done stage'),
        ('scope_volatility', 'rows_in', 'in', 'releases in the lake'),
        (
            'scope_volatility', 'used', 'used',
            'releases with planned items at their baseline'
        ),
        (
            'scope_volatility', 'no_baseline', 'dropped',
            'neither a freeze nor a committed item'
        ),
        (
            'scope_volatility', 'baseline_ahead', 'dropped',
            'the baseline lies after the as-of'
        ),
        (
            'scope_volatility', 'no_planned_items', 'dropped',
            'no item was in it at its baseline'
        ),
        ('estimation_accuracy', 'rows_in', 'in', 'items in the lake'),
        (
            'estimation_accuracy', 'used', 'used',
            'delivered items with an estimate and effort'
        ),
        (
            'estimation_accuracy', 'after_as_of', 'dropped',
            'created after the as-of'
        ),
        (
            'estimation_accuracy', 'not_delivered', 'dropped',
            'not delivered by the as-of'
        ),
        (
            'estimation_accuracy', 'delivery_unknown', 'dropped',
            'done, and nothing says since when'
        ),
        (
            'estimation_accuracy', 'no_estimate', 'dropped',
            'no estimate when work began'
        ),
        (
            'estimation_accuracy', 'no_effort', 'dropped',
            'no effort recorded'
        ),
        (
            'estimation_accuracy', 'zero_estimate', 'dropped',
            'an estimate of 0'
        ),
        ('estimation_accuracy', 'zero_effort', 'dropped', 'effort of 0'),
        ('pipeline_failure_rate', 'rows_in', 'in', 'pipeline runs in the lake'),
        (
            'pipeline_failure_rate', 'used', 'used',
            'runs that failed or succeeded'
        ),
        (
            'pipeline_failure_rate', 'after_as_of', 'dropped',
            'started after the as-of'
        ),
        (
            'pipeline_failure_rate', 'cancelled', 'dropped',
            'cancelled, so neither failed nor succeeded'
        ),
        (
            'pipeline_failure_rate', 'running', 'dropped',
            'under way at the as-of'
        ),
        (
            'pipeline_failure_rate', 'outside_calendar', 'dropped',
            'started outside the calendar'
        )
    ) as listed_rules (metric, rule, kind, explanation)
),

item_counts as (
    select count(*) as row_count
    from items
),

known_item_counts as (
    select count(*) as row_count
    from items_as_of
),

delivered_item_counts as (
    select count(*) as row_count
    from estimation_accuracy
),

timed_items as (
    select coalesce(exclusion, 'used') as rule
    from cycle_time
),

unknown_deliveries as (
    select count(*) as row_count
    from timed_items
    where rule = 'delivery_unknown'
),

open_counts as (
    select count(*) as row_count
    from aging
),

deployment_counts as (
    select count(*) as row_count
    from deployments
),

ended_deployments as (
    select
        case
            when not is_production then 'not_production'
            when not is_completed then 'cancelled'
        end as rule
    from deployments_as_of
),

judged_deployments as (
    select coalesce(exclusion, 'used') as rule
    from success_rate
),

release_counts as (
    select count(*) as row_count
    from releases
),

rated_releases as (
    select coalesce(exclusion, 'used') as rule
    from scope_volatility
),

compared_items as (
    select coalesce(exclusion, 'used') as rule
    from estimation_accuracy
),

run_counts as (
    select count(*) as row_count
    from pipeline_runs
),

started_runs as (
    select
        case
            when result in ('cancelled', 'running') then result
            when week_start is null then 'outside_calendar'
            else 'used'
        end as rule
    from pipeline_runs_as_of
),

notes as (
    select
        metric,
        rule,
        note
    from coverage_notes
),

ended_counts as (
    select count(*) as row_count
    from ended_deployments
),

started_counts as (
    select count(*) as row_count
    from started_runs
),

item_ledger as (
    select 'rows_in' as rule, row_count
    from item_counts
    union all
    select
        'after_as_of' as rule,
        item_counts.row_count - known_item_counts.row_count as row_count
    from item_counts
    cross join known_item_counts
),

counted_rows as (
    select 'cycle_time' as metric, rule, row_count
    from item_ledger
    union all
    select 'cycle_time' as metric, rule, count(*) as row_count
    from timed_items
    group by rule
    union all
    select 'success_rate' as metric, 'rows_in' as rule, row_count
    from deployment_counts
    union all
    select
        'success_rate' as metric,
        'after_as_of' as rule,
        deployment_counts.row_count - ended_counts.row_count as row_count
    from deployment_counts
    cross join ended_counts
    union all
    select 'success_rate' as metric, rule, count(*) as row_count
    from ended_deployments
    where rule is not null
    group by rule
    union all
    select 'success_rate' as metric, rule, count(*) as row_count
    from judged_deployments
    group by rule
    union all
    select 'aging' as metric, rule, row_count
    from item_ledger
    union all
    select 'aging' as metric, 'used' as rule, row_count
    from open_counts
    union all
    select
        'aging' as metric,
        'closed' as rule,
        known_item_counts.row_count - open_counts.row_count as row_count
    from known_item_counts
    cross join open_counts
    union all
    select 'scope_volatility' as metric, 'rows_in' as rule, row_count
    from release_counts
    union all
    select 'scope_volatility' as metric, rule, count(*) as row_count
    from rated_releases
    group by rule
    union all
    select 'estimation_accuracy' as metric, rule, row_count
    from item_ledger
    union all
    select
        'estimation_accuracy' as metric,
        'not_delivered' as rule,
        known_item_counts.row_count - delivered_item_counts.row_count
        - unknown_deliveries.row_count as row_count
    from known_item_counts
    cross join delivered_item_counts
    cross join unknown_deliveries
    union all
    select
        'estimation_accuracy' as metric,
        'delivery_unknown' as rule,
        row_count
    from unknown_deliveries
    union all
    select 'estimation_accuracy' as metric, rule, count(*) as row_count
    from compared_items
    group by rule
    union all
    select 'pipeline_failure_rate' as metric, 'rows_in' as rule, row_count
    from run_counts
    union all
    select
        'pipeline_failure_rate' as metric,
        'after_as_of' as rule,
        run_counts.row_count - started_counts.row_count as row_count
    from run_counts
    cross join started_counts
    union all
    select 'pipeline_failure_rate' as metric, rule, count(*) as row_count
    from started_runs
    group by rule
),

ledger as (
    select
        rules.metric,
        rules.rule,
        rules.kind,
        coalesce(counted_rows.row_count, 0) as row_count,
        rules.explanation || coalesce(notes.note, '') as explanation
    from rules
    left join counted_rows
        on rules.metric = counted_rows.metric
        and rules.rule = counted_rows.rule
    left join notes
        on rules.metric = notes.metric
        and rules.rule = notes.rule
)

select
    metric,
    rule,
    kind,
    row_count,
    explanation
from ledger
order by metric, rule
