-- name: starting_estimates
-- about: Each item's estimate as it was when work on it began.
-- grain: one row per item
-- key: item_id
-- reads: items_as_of, item_history, item_stages, item_commitments,
--   deliveries, size_bands
-- columns:
--   item_id           string      Tracker key.
--   began_at          timestamp?  When work began; null where it has not.
--   estimate_seconds  bigint?     Estimate at that instant, in seconds.
--   size_band         string?     Its band; null without an estimate above 0.

-- Definition, Estimation: "The estimate as it was when work began". Work began
-- with the first stay in an active stage by the delivery; of a delivered item
-- without one, with its commitment. Where work has not begun, or nobody knows
-- when, the estimate at the as-of stands. Hours are whole seconds, so that the
-- last bit of a double decides no threshold.

with item_rows as (
    select
        item_id,
        estimate_hours
    from items_as_of
),

estimates as (
    select
        item_id,
        try_cast(value as double) as estimate_hours,
        started_at,
        ended_at
    from item_history
    where field = 'estimate_hours'
),

active_stays as (
    select
        item_id,
        entered_at
    from item_stages
    where kind = 'active'
),

first_work as (
    select
        item_id,
        min(entered_at) as began_at
    from active_stays
    group by item_id
),

begun_items as (
    select
        item_rows.item_id,
        item_rows.estimate_hours,
        case
            when deliveries.item_id is null then first_work.began_at
            when first_work.began_at <= deliveries.delivered_at
                then first_work.began_at
            else item_commitments.committed_at
        end as began_at
    from item_rows
    left join deliveries
        on item_rows.item_id = deliveries.item_id
    left join first_work
        on item_rows.item_id = first_work.item_id
    left join item_commitments
        on item_rows.item_id = item_commitments.item_id
),

estimates_at_start as (
    select
        begun_items.item_id,
        estimates.estimate_hours
    from begun_items
    inner join estimates
        on begun_items.item_id = estimates.item_id
        and (
            estimates.started_at is null
            or estimates.started_at <= begun_items.began_at
        )
        and (
            estimates.ended_at is null
            or estimates.ended_at > begun_items.began_at
        )
    where begun_items.began_at is not null
),

chosen_estimates as (
    select
        begun_items.item_id,
        begun_items.began_at,
        cast(
            round(
                case
                    when begun_items.began_at is null
                        then begun_items.estimate_hours
                    else estimates_at_start.estimate_hours
                end * 3600e0
            ) as bigint
        ) as estimate_seconds
    from begun_items
    left join estimates_at_start
        on begun_items.item_id = estimates_at_start.item_id
),

sized_estimates as (
    select
        chosen_estimates.item_id,
        chosen_estimates.began_at,
        chosen_estimates.estimate_seconds,
        size_bands.size_band
    from chosen_estimates
    left join size_bands
        on chosen_estimates.estimate_seconds >= size_bands.from_seconds
        and (
            size_bands.until_seconds is null
            or chosen_estimates.estimate_seconds < size_bands.until_seconds
        )
)

select
    item_id,
    began_at,
    estimate_seconds,
    size_band
from sized_estimates
order by item_id
