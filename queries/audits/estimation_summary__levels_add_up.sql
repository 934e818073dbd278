-- name: estimation_summary__levels_add_up
-- about: The levels of each dimension add up to all items.
-- grain: one row per dimension that breaks the claim
-- key: dimension
-- reads: estimation_summary
-- columns:
--   dimension        string  Dimension.
--   delivered_count  bigint  Delivered items of its levels.
--   item_count       bigint  Measured items of its levels.

with figures as (
    select
        dimension,
        delivered_count,
        item_count,
        within_25_count,
        exact_count
    from estimation_summary
),

totals as (
    select
        dimension,
        cast(sum(delivered_count) as bigint) as delivered_count,
        cast(sum(item_count) as bigint) as item_count,
        cast(sum(within_25_count) as bigint) as within_25_count,
        cast(sum(exact_count) as bigint) as exact_count
    from figures
    group by dimension
),

overall as (
    select
        delivered_count,
        item_count,
        within_25_count,
        exact_count
    from totals
    where dimension = 'all'
),

broken as (
    select
        totals.dimension,
        totals.delivered_count,
        totals.item_count
    from totals
    cross join overall
    where
        totals.delivered_count <> overall.delivered_count
        or totals.item_count <> overall.item_count
        or totals.within_25_count <> overall.within_25_count
        or totals.exact_count <> overall.exact_count
        or totals.exact_count > totals.within_25_count
        or totals.within_25_count > totals.item_count
)

select
    dimension,
    delivered_count,
    item_count
from broken
order by dimension
