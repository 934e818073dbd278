-- name: estimation_accuracy
-- about: Each finished item's estimate against the effort it took.
-- grain: one row per delivered item
-- key: item_id
-- reads: params, local_days, items_as_of, item_history, item_stages,
--   item_commitments, deliveries, effort
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

-- metrics.md, Estimation: "The estimate as it was when work began; actual =
-- sum of effort ... E = 0 or A = 0: excluded and counted. Nothing is
-- truncated or clamped." Work began with the first stay in an active stage,
-- else with commitment; where neither is known, the estimate at the as-of
-- stands. Bands go by the estimate, since that is all one knows beforehand.
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
        item_type,
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

stays as (
    select
        item_id,
        entered_at
    from item_stages
    where kind = 'active'
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

first_work as (
    select
        item_id,
        min(entered_at) as began_at
    from stays
    group by item_id
),

begun_items as (
    select
        delivered_items.item_id,
        delivered_items.delivered_at,
        coalesce(
            case
                when first_work.began_at <= delivered_items.delivered_at
                    then first_work.began_at
            end,
            item_commitments.committed_at
        ) as began_at
    from delivered_items
    left join first_work
        on delivered_items.item_id = first_work.item_id
    left join item_commitments
        on delivered_items.item_id = item_commitments.item_id
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
        begun_items.delivered_at,
        cast(
            round(
                case
                    when begun_items.began_at is null
                        then item_rows.estimate_hours
                    else estimates_at_start.estimate_hours
                end * 3600e0
            ) as bigint
        ) as estimate_seconds,
        actuals.actual_seconds
    from begun_items
    inner join item_rows
        on begun_items.item_id = item_rows.item_id
    left join estimates_at_start
        on begun_items.item_id = estimates_at_start.item_id
    left join actuals
        on begun_items.item_id = actuals.item_id
),

judged_items as (
    select
        item_id,
        title,
        team,
        item_type,
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
        case
            when judged_items.estimate_seconds is null
                or judged_items.estimate_seconds = 0
                then cast(null as string)
            when judged_items.estimate_seconds < 14400 then '<4 h'
            when judged_items.estimate_seconds < 28800 then '4-8 h'
            when judged_items.estimate_seconds < 57600 then '8-16 h'
            when judged_items.estimate_seconds < 144000 then '16-40 h'
            else '>=40 h'
        end as size_band,
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
