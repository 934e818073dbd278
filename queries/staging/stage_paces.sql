-- name: stage_paces
-- about: How old finished items were when they last left each stage.
-- grain: one row per finished item and stage
-- key: item_id, stage
-- reads: workflow, items_as_of, item_stages, item_commitments, deliveries
-- columns:
--   item_id         string     Tracker key.
--   stage           string     Stage that the item left.
--   pace_clock      string     What started the clock: commitment, creation.
--   pace_days       double     Age on leaving it by that clock.
--   is_stage_clock  boolean    The clock is the stage's own (see below).
--   delivered_at    timestamp  Delivery of the item.

-- Definition, Aging: "bands at the 50th, 70th, 85th, 95th percentile of what
-- finished items took to leave that stage." The clock is the one that aging
-- reads for open items: since commitment once committed, since creation
-- before; leaving a stage by being committed ends the clock since creation.
-- A stage has one clock: since creation before the commitment stage (where no
-- stage is one, in the backlog), since commitment from there on. Days by the
-- other clock, such as those of an item sent back to the backlog, compare with
-- nothing; they are in no band.
-- Finished items are those that count for cycle time: delivered,
-- committed, no negative span. What happens after delivery is not seen.

with stages as (
    select distinct
        stage,
        stage_position,
        kind,
        is_commitment
    from workflow
),

item_rows as (
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

commitment_stage as (
    select min(stage_position) as commitment_position
    from stages
    where is_commitment
),

stage_clocks as (
    select
        stages.stage,
        case
            when coalesce(
                stages.stage_position < commitment_stage.commitment_position,
                stages.kind = 'backlog'
            )
                then 'creation'
            else 'commitment'
        end as pace_clock
    from stages
    cross join commitment_stage
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

timed_departures as (
    select
        item_id,
        stage,
        case
            when committed_at < departed_at
                or committed_at <= last_entered_at
                then 'commitment'
            else 'creation'
        end as pace_clock,
        committed_at,
        departed_at,
        delivered_at
    from departures
),

paces as (
    select
        timed_departures.item_id,
        timed_departures.stage,
        timed_departures.pace_clock,
        seconds_between(
            case
                when timed_departures.pace_clock = 'commitment'
                    then timed_departures.committed_at
                else item_rows.created_at
            end,
            timed_departures.departed_at
        ) / 86400e0 as pace_days,
        timed_departures.pace_clock
            = stage_clocks.pace_clock as is_stage_clock,
        timed_departures.delivered_at
    from timed_departures
    inner join item_rows
        on timed_departures.item_id = item_rows.item_id
    inner join stage_clocks
        on timed_departures.stage = stage_clocks.stage
),

known_paces as (
    select
        item_id,
        stage,
        pace_clock,
        pace_days,
        is_stage_clock,
        delivered_at
    from paces
    where pace_days is not null
)

select
    item_id,
    stage,
    pace_clock,
    pace_days,
    is_stage_clock,
    delivered_at
from known_paces
order by item_id, stage
