-- name: coverage_counts
-- about: How many rows each rule of the ledger met, for the core metrics.
-- grain: one row per metric and rule that met a row
-- key: metric, rule
-- reads: items, deployments, incidents, releases, pipeline_runs, items_as_of,
--   deployments_as_of, incidents_as_of, pipeline_runs_as_of, cycle_time,
--   success_rate, attribution_methods, aging, scope_volatility,
--   estimation_accuracy
-- columns:
--   metric     string  Mart whose rows are accounted for.
--   rule       string  See coverage_rules.
--   row_count  bigint  Rows.

-- Rows in are the rows of the lake's table; what staging has cut at the as-of
-- is the difference to its rows.

with item_counts as (
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

incident_counts as (
    select count(*) as row_count
    from incidents
),

opened_counts as (
    select
        count(*) as row_count,
        count(*) filter (where kind = 'incident') as incident_count
    from incidents_as_of
),

other_kinds as (
    select kind as rule
    from incidents_as_of
    where kind <> 'incident'
),

laid_counts as (
    select cast(coalesce(sum(incident_count), 0) as bigint) as row_count
    from attribution_methods
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
    select 'attribution_methods' as metric, 'rows_in' as rule, row_count
    from incident_counts
    union all
    select
        'attribution_methods' as metric,
        'after_as_of' as rule,
        incident_counts.row_count - opened_counts.row_count as row_count
    from incident_counts
    cross join opened_counts
    union all
    select 'attribution_methods' as metric, rule, count(*) as row_count
    from other_kinds
    group by rule
    union all
    select 'attribution_methods' as metric, 'used' as rule, row_count
    from laid_counts
    union all
    select
        'attribution_methods' as metric,
        'outside_calendar' as rule,
        opened_counts.incident_count - laid_counts.row_count as row_count
    from opened_counts
    cross join laid_counts
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
)

select
    metric,
    rule,
    row_count
from counted_rows
order by metric, rule
