-- name: estimation_accuracy
-- about: Each finished item's estimate against the effort it took.
-- grain: one row per delivered item
-- key: item_id
-- reads: params, local_days, items_as_of, starting_estimates, deliveries,
--   effort
-- columns:
--   item_id         string      Tracker key.
--   title           string?     Title.
--   team            string?     Team.
--   item_type       string?     feature, defect, hotfix, ...
--   size_band       string?     By estimate: <4 h, 4-8 h, ... >=40 h.
--   finished_at     timestamp?  Delivery.
--   week_start      date?       Monday of the local week of delivery.
--   estimate_hours  double?     Estimate as it was when work began.
--   actual_hours    double?     Sum of effort; null when none is recorded.
--   error_ratio     double?     |actual - estimate| / actual.
--   log_ratio       double?     ln(actual / estimate).
--   is_within_25    boolean?    Within 25 % of the actual.
--   is_exact        boolean?    Equal to the second.
--   exclusion       string?     no_estimate, no_effort, zero_...; see below.

-- Definition, Estimation: "The estimate as it was when work began; actual =
-- sum of effort ... E = 0 or A = 0: excluded and counted. Nothing is
-- truncated or clamped." starting_estimates says when work began. Bands go by
-- the estimate, since that is all one knows beforehand.
-- exclusion: no_estimate, no_effort, zero_estimate or zero_effort, the first
-- that holds. Hours are summed in whole seconds, so that neither the order of
-- addition nor the last bit of a double decides a threshold.

with instant as (
    select as_of
    from params
),

days as (
    select
        utc_date,
        day,
        week_start,
        start_at,
        end_at
    from local_days
),

item_rows as (
    select
        item_id,
        title,
        team,
        item_type
    from items_as_of
),

starting_rows as (
    select
        item_id,
        estimate_seconds,
        size_band
    from starting_estimates
),

effort_rows as (
    select
        item_id,
        worked_on,
        hours
    from effort
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

last_day as (
    select max(days.day) as day
    from days
    inner join instant
        on days.start_at < instant.as_of
),

actuals as (
    select
        effort_rows.item_id,
        cast(
            sum(cast(round(effort_rows.hours * 3600e0) as bigint)) as bigint
        ) as actual_seconds
    from effort_rows
    cross join last_day
    where
        effort_rows.worked_on is null
        or effort_rows.worked_on <= last_day.day
    group by effort_rows.item_id
),

measured_items as (
    select
        item_rows.item_id,
        item_rows.title,
        item_rows.team,
        item_rows.item_type,
        starting_rows.size_band,
        delivered_items.delivered_at,
        starting_rows.estimate_seconds,
        actuals.actual_seconds
    from delivered_items
    inner join item_rows
        on delivered_items.item_id = item_rows.item_id
    inner join starting_rows
        on delivered_items.item_id = starting_rows.item_id
    left join actuals
        on delivered_items.item_id = actuals.item_id
),

judged_items as (
    select
        item_id,
        title,
        team,
        item_type,
        size_band,
        delivered_at,
        estimate_seconds,
        actual_seconds,
        case
            when estimate_seconds is null then 'no_estimate'
            when actual_seconds is null then 'no_effort'
            when estimate_seconds = 0 then 'zero_estimate'
            when actual_seconds = 0 then 'zero_effort'
        end as exclusion
    from measured_items
),

compared_items as (
    select
        judged_items.item_id,
        judged_items.title,
        judged_items.team,
        judged_items.item_type,
        judged_items.size_band,
        judged_items.delivered_at as finished_at,
        days.week_start,
        judged_items.estimate_seconds / 3600e0 as estimate_hours,
        judged_items.actual_seconds / 3600e0 as actual_hours,
        case
            when judged_items.exclusion is null
                then 1e0 * abs(
                    judged_items.actual_seconds - judged_items.estimate_seconds
                ) / nullif(judged_items.actual_seconds, 0)
        end as error_ratio,
        case
            when judged_items.exclusion is null
                then ln(
                    1e0 * judged_items.actual_seconds
                    / nullif(judged_items.estimate_seconds, 0)
                )
        end as log_ratio,
        case
            when judged_items.exclusion is null
                then 4 * abs(
                    judged_items.actual_seconds - judged_items.estimate_seconds
                ) <= judged_items.actual_seconds
        end as is_within_25,
        case
            when judged_items.exclusion is null
                then judged_items.actual_seconds
                = judged_items.estimate_seconds
        end as is_exact,
        judged_items.exclusion
    from judged_items
    left join days
        on cast(judged_items.delivered_at as date) = days.utc_date
        and judged_items.delivered_at >= days.start_at
        and judged_items.delivered_at < days.end_at
)

select
    item_id,
    title,
    team,
    item_type,
    size_band,
    finished_at,
    week_start,
    estimate_hours,
    actual_hours,
    error_ratio,
    log_ratio,
    is_within_25,
    is_exact,
    exclusion
from compared_items
order by item_id
