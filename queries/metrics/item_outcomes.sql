-- name: item_outcomes
-- about: Each delivered item and what became of the deployment it came with.
-- grain: one row per delivered item
-- key: item_id
-- reads: items_as_of, deliveries, deployments_as_of, deployment_items,
--   success_rate
-- columns:
--   item_id               string     Tracker key.
--   title                 string?    Title.
--   team                  string?    Team.
--   item_type             string?    feature, defect, hotfix, ...
--   release_id            string?    Release it is planned for.
--   deployment_id         string?    The deployment that delivered it.
--   delivered_at          timestamp  Delivery.
--   week_start            date?      Monday of the local week of delivery.
--   failed_attempt_count  bigint     Failed attempts to deploy it before.
--   incident_count        bigint?    Incidents of its deployment within W.
--   is_failed             boolean?   Its deployment failed (see success_rate).
--   is_window_open        boolean?   Sound so far, but W is not over yet.
--   exclusion             string?    no_deployment or no_incident_feed.

-- Definition, Success, seen from the item: it fares as the production
-- deployment that delivered it. Items of one deployment fare alike, so this is
-- no count of independent trials and carries no interval; deployments are
-- counted in success_rate. An attempt is a completed production deployment
-- that held the item, ended no later than its delivery and did not succeed.
-- exclusion  no_deployment     delivered by its status: nothing to judge.
--            no_incident_feed  no incidents are recorded for its system.

with item_rows as (
    select
        item_id,
        title,
        team,
        item_type,
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

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

unsound_attempts as (
    select
        deployment_id,
        finished_at
    from deployments_as_of
    where is_production and is_completed and result <> 'success'
),

verdicts as (
    select
        deployment_id,
        week_start,
        incident_count,
        is_failed,
        is_window_open,
        exclusion
    from success_rate
),

attempts as (
    select
        delivered_items.item_id,
        count(*) as failed_attempt_count
    from delivered_items
    inner join held_items
        on delivered_items.item_id = held_items.item_id
    inner join unsound_attempts
        on held_items.deployment_id = unsound_attempts.deployment_id
        and unsound_attempts.finished_at <= delivered_items.delivered_at
    group by delivered_items.item_id
),

outcomes as (
    select
        delivered_items.item_id,
        item_rows.title,
        item_rows.team,
        item_rows.item_type,
        item_rows.release_id,
        delivered_items.deployment_id,
        delivered_items.delivered_at,
        verdicts.week_start,
        coalesce(attempts.failed_attempt_count, 0) as failed_attempt_count,
        case
            when verdicts.exclusion is null then verdicts.incident_count
        end as incident_count,
        verdicts.is_failed,
        case
            when verdicts.exclusion is null then verdicts.is_window_open
        end as is_window_open,
        case
            when verdicts.deployment_id is null then 'no_deployment'
            else verdicts.exclusion
        end as exclusion
    from delivered_items
    inner join item_rows
        on delivered_items.item_id = item_rows.item_id
    left join verdicts
        on delivered_items.deployment_id = verdicts.deployment_id
    left join attempts
        on delivered_items.item_id = attempts.item_id
)

select
    item_id,
    title,
    team,
    item_type,
    release_id,
    deployment_id,
    delivered_at,
    week_start,
    failed_attempt_count,
    incident_count,
    is_failed,
    is_window_open,
    exclusion
from outcomes
order by item_id
