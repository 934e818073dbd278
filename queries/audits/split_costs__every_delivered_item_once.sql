-- name: split_costs__every_delivered_item_once
-- about: Each limit has every delivered item on one of its sides.
-- grain: one row that breaks the claim
-- key: limit_name
-- reads: split_costs, deliveries
-- columns:
--   limit_name  string  Limit.

with sides as (
    select
        limit_name,
        sum(item_count) as item_count
    from split_costs
    group by limit_name
),

delivered as (
    select count(*) as item_count
    from deliveries
)

select sides.limit_name
from sides
cross join delivered
where sides.item_count <> delivered.item_count
order by limit_name
