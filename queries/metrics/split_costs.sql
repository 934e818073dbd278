-- name: split_costs
-- about: What delivered items past a limit took, against the others.
-- grain: one row per limit and side of it
-- key: limit_name, side
-- reads: item_limits, deliveries, cycle_time, estimation_accuracy,
--   item_outcomes
-- columns:
--   limit_name            string   size, components, dependencies or any.
--   side                  string   past, within or unknown.
--   item_count            bigint   Delivered items.
--   cycle_count           bigint   Of these, with a cycle time.
--   median_cycle_days     double?  Median of theirs.
--   estimate_count        bigint   Of these, with estimate and effort.
--   median_overrun_ratio  double?  Median of effort by estimate; 1 is as
--                                  estimated.
--   outcome_count         bigint   Of these, whose deployment is judged.
--   failed_count          bigint   Of these, it failed.
--   failed_share          double?  failed_count / outcome_count.

-- coverage.md 2.5: "with the measured cost of such items here". "any" is past
-- when one limit is known to be passed, within when all three are known and none
-- is, else unknown. Items of one deployment fare alike, so that failed_share is
-- no count of independent trials; it carries no interval.

with delivered_items as (
    select item_id
    from deliveries
),

limits as (
    select
        item_limits.item_id,
        item_limits.is_past_size,
        item_limits.is_past_components,
        item_limits.is_past_dependencies
    from item_limits
    inner join delivered_items
        on item_limits.item_id = delivered_items.item_id
),

clocks as (
    select
        item_id,
        elapsed_days
    from cycle_time
    where is_delivered and exclusion is null
),

estimates as (
    select
        item_id,
        actual_hours / nullif(estimate_hours, 0e0) as overrun_ratio
    from estimation_accuracy
    where exclusion is null
),

outcomes as (
    select
        item_id,
        is_failed
    from item_outcomes
    where is_failed is not null
),

flags as (
    select
        item_id,
        'size' as limit_name,
        is_past_size as is_past
    from limits
    union all
    select
        item_id,
        'components' as limit_name,
        is_past_components as is_past
    from limits
    union all
    select
        item_id,
        'dependencies' as limit_name,
        is_past_dependencies as is_past
    from limits
    union all
    select
        item_id,
        'any' as limit_name,
        is_past_size or is_past_components or is_past_dependencies as is_past
    from limits
),

measured_items as (
    select
        flags.limit_name,
        case
            when flags.is_past then 'past'
            when flags.is_past is null then 'unknown'
            else 'within'
        end as side,
        clocks.elapsed_days,
        estimates.overrun_ratio,
        outcomes.is_failed
    from flags
    left join clocks
        on flags.item_id = clocks.item_id
    left join estimates
        on flags.item_id = estimates.item_id
    left join outcomes
        on flags.item_id = outcomes.item_id
)

select
    limit_name,
    side,
    count(*) as item_count,
    count(elapsed_days) as cycle_count,
    median(elapsed_days) as median_cycle_days,
    count(overrun_ratio) as estimate_count,
    median(overrun_ratio) as median_overrun_ratio,
    count(is_failed) as outcome_count,
    count(*) filter (where is_failed) as failed_count,
    1e0 * count(*) filter (where is_failed) / nullif(count(is_failed), 0)
        as failed_share
from measured_items
group by limit_name, side
order by limit_name, side
