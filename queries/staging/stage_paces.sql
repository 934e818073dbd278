-- name: stage_paces
-- about: How old finished items were when they last left each stage.
-- grain: one row per finished item and stage
-- key: item_id, stage
-- reads: items_as_of, item_stages, item_commitments, deliveries
-- columns:
--   item_id       string     Tracker key.
--   stage         string     Stage that the item left.
--   pace_days     double     Age on leaving it (see below).
--   delivered_at  timestamp  Delivery of the item.

-- Definition, Aging: "bands at the 50th, 70th, 85th, 95th percentile of what
-- finished items took to leave that stage." The clock is the one that aging
-- reads for open items: since commitment once committed, since creation
-- before; leaving a stage by being committed ends the clock since creation.
-- Finished items are those that count for cycle time: delivered,
-- committed, no negative span. What happens after delivery is not seen.

with item_rows as (
    select
        item_id,
        created_at
    from items_as_of
),

stays as (
    select
        item_id,
        stage,
        entered_at,
        left_at
    from item_stages
    where stage is not null and kind <> 'done'
),

finished_items as (
    select
        deliveries.item_id,
        item_commitments.committed_at,
        deliveries.delivered_at
    from deliveries
    inner join item_commitments
        on deliveries.item_id = item_commitments.item_id
        and deliveries.delivered_at >= item_commitments.committed_at
),

departures as (
    select
        stays.item_id,
        stays.stage,
        finished_items.committed_at,
        finished_items.delivered_at,
        max(
            least(
                coalesce(stays.left_at, finished_items.delivered_at),
                finished_items.delivered_at
            )
        ) as departed_at,
        max(stays.entered_at) as last_entered_at
    from stays
    inner join finished_items
        on stays.item_id = finished_items.item_id
        and stays.entered_at <= finished_items.delivered_at
    group by
        stays.item_id,
        stays.stage,
        finished_items.committed_at,
        finished_items.delivered_at
),

paces as (
    select
        departures.item_id,
        departures.stage,
        seconds_between(
            case
                when departures.committed_at < departures.departed_at
                    or departures.committed_at <= departures.last_entered_at
                    then departures.committed_at
                else item_rows.created_at
            end,
            departures.departed_at
        ) / 86400e0 as pace_days,
        departures.delivered_at
    from departures
    inner join item_rows
        on departures.item_id = item_rows.item_id
),

known_paces as (
    select
        item_id,
        stage,
        pace_days,
        delivered_at
    from paces
    where pace_days is not null
)

select
    item_id,
    stage,
    pace_days,
    delivered_at
from known_paces
order by item_id, stage
