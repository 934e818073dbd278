-- name: rule_outcomes
-- about: What became of each item that was delivered in a release.
-- grain: one row per delivered item
-- key: item_id
-- reads: params, items_as_of, deliveries, production_deployments,
--   release_moments, planned_items, item_outcomes, success_rate,
--   estimation_accuracy, cycle_time
-- columns:
--   item_id            string      Tracker key.
--   release_id         string?     Release that it was delivered with.
--   release_position   bigint?     1 for the release that shipped first; null
--                                  where it is unknown.
--   failed_deployment  double?     1 if a production deployment of it failed.
--   incident           double?     1 if incidents followed its delivery.
--   overrun            double?     ln(actual / estimate).
--   delay              double?     Days past the planned date.
--   age                double?     Days from commitment to delivery.
--   exclusion          string?     no_release or not_shipped: not judged.
--   planned_at         timestamp?  The planned date that delay counts from.
--   shipped_at         timestamp?  When the release shipped.
--   delivered_at       timestamp   Delivery.

-- Definition, Rules: "each is judged on what really happened: failed
-- deployment, incident, overrun, delay, age". Larger is worse in each. Null
-- where nobody knows, never 0.
-- failed_deployment  the deployment that delivered it failed, as success_rate
--                    says, or an attempt before it did.
-- incident           incidents are laid to that deployment within W.
-- delay              from the planned date of the first release that it was
--                    planned for (by baseline), else of the release that it
--                    came with, to its delivery: a move to a later release is
--                    a delay. Early is below 0. Plans have no history: the
--                    date is the present one.
-- The first two count once W is over, whatever happened: a failure that is
-- known early beside successes that are not would look like more failures.
-- The release is that of the deployment which delivered it, else the one that
-- the tracker has it in. Items of one release fare alike; releases are what is
-- counted, in the order in which they shipped.
-- exclusion  no_release   delivered without a release.
--            not_shipped  nobody knows when its release shipped.

with settings as (
    select
        as_of,
        incident_window_hours
    from params
),

item_rows as (
    select
        item_id,
        release_id
    from items_as_of
),

delivered_items as (
    select
        item_id,
        delivered_at,
        deployment_id
    from deliveries
),

attempts as (
    select
        deployment_id,
        release_id
    from production_deployments
),

moments as (
    select
        release_id,
        planned_at,
        shipped_at
    from release_moments
),

positions as (
    select
        release_id,
        planned_at,
        shipped_at,
        case
            when shipped_at is not null then row_number() over (
                order by shipped_at nulls last, release_id
            )
        end as release_position
    from moments
),

first_plans as (
    select
        planned_items.item_id,
        moments.planned_at
    from planned_items
    inner join moments
        on planned_items.release_id = moments.release_id
    qualify row_number() over (
        partition by planned_items.item_id
        order by planned_items.baseline_at, planned_items.release_id
    ) = 1
),

verdicts as (
    select
        success_rate.deployment_id,
        seconds_between(success_rate.finished_at, settings.as_of)
        >= 3600e0 * settings.incident_window_hours as is_window_over
    from success_rate
    cross join settings
),

fates as (
    select
        item_id,
        failed_attempt_count,
        incident_count,
        is_failed
    from item_outcomes
),

estimates as (
    select
        item_id,
        log_ratio
    from estimation_accuracy
    where exclusion is null
),

clocks as (
    select
        item_id,
        elapsed_days
    from cycle_time
    where exclusion is null and is_delivered
),

released_items as (
    select
        delivered_items.item_id,
        delivered_items.delivered_at,
        delivered_items.deployment_id,
        coalesce(attempts.release_id, item_rows.release_id) as release_id
    from delivered_items
    inner join item_rows
        on delivered_items.item_id = item_rows.item_id
    left join attempts
        on delivered_items.deployment_id = attempts.deployment_id
),

dated_items as (
    select
        released_items.item_id,
        released_items.release_id,
        released_items.deployment_id,
        positions.release_position,
        case
            when released_items.release_id is null then 'no_release'
            when positions.release_position is null then 'not_shipped'
        end as exclusion,
        coalesce(first_plans.planned_at, positions.planned_at) as planned_at,
        positions.shipped_at,
        released_items.delivered_at
    from released_items
    left join positions
        on released_items.release_id = positions.release_id
    left join first_plans
        on released_items.item_id = first_plans.item_id
),

judged_items as (
    select
        dated_items.item_id,
        dated_items.release_id,
        dated_items.release_position,
        case
            when not coalesce(verdicts.is_window_over, false)
                or fates.is_failed is null then cast(null as double)
            when fates.is_failed or fates.failed_attempt_count > 0 then 1e0
            else 0e0
        end as failed_deployment,
        case
            when not coalesce(verdicts.is_window_over, false)
                or fates.incident_count is null then cast(null as double)
            when fates.incident_count > 0 then 1e0
            else 0e0
        end as incident,
        estimates.log_ratio as overrun,
        seconds_between(dated_items.planned_at, dated_items.delivered_at)
        / 86400e0 as delay,
        clocks.elapsed_days as age,
        dated_items.exclusion,
        dated_items.planned_at,
        dated_items.shipped_at,
        dated_items.delivered_at
    from dated_items
    left join verdicts
        on dated_items.deployment_id = verdicts.deployment_id
    left join fates
        on dated_items.item_id = fates.item_id
    left join estimates
        on dated_items.item_id = estimates.item_id
    left join clocks
        on dated_items.item_id = clocks.item_id
)

select
    item_id,
    release_id,
    release_position,
    failed_deployment,
    incident,
    overrun,
    delay,
    age,
    exclusion,
    planned_at,
    shipped_at,
    delivered_at
from judged_items
order by item_id
