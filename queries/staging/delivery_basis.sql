-- name: delivery_basis
-- about: Whether this run knows deliveries from deployments or from statuses.
-- grain: one row
-- key: delivery_basis
-- reads: table_feeds, deployments_as_of, deployment_items
-- columns:
--   delivery_basis  string  deployment, or status without deployment data.

-- Definition, Cycle time: "Delivery: the first successful production
-- deployment that holds the item; without deployment data, the first move
-- into the last stage, said so." There is deployment data when both tables
-- are fed and some production deployment by the as-of holds an item.

with feeds as (
    select table_name
    from table_feeds
    where is_fed and table_name in ('deployments', 'deployment_items')
),

production_deployments as (
    select deployment_id
    from deployments_as_of
    where is_production
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

feed_counts as (
    select count(distinct table_name) as feed_count
    from feeds
),

holding_counts as (
    select count(*) as holding_count
    from production_deployments
    inner join held_items
        on production_deployments.deployment_id = held_items.deployment_id
),

decided_basis as (
    select
        case
            when feed_counts.feed_count = 2
                and holding_counts.holding_count > 0
                then 'deployment'
            else 'status'
        end as delivery_basis
    from feed_counts
    cross join holding_counts
)

select delivery_basis
from decided_basis
order by delivery_basis
