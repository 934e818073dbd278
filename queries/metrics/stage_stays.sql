-- name: stage_stays
-- about: The unbroken stays of each item in a stage, and what they went on.
-- grain: one row per item and unbroken stay in a stage
-- key: item_id, stay_number
-- reads: item_stages, blocked_spans, cycle_time
-- columns:
--   item_id             string      Tracker key.
--   stay_number         bigint      1 for the item's first stay.
--   stage               string?     Stage; null for a status without one.
--   stage_position      bigint?     1 for the first stage of the workflow.
--   kind                string?     backlog, waiting, active, approval, done.
--   entered_at          timestamp?  Since when, if known.
--   ended_at            timestamp   When it left; the as-of while it is there.
--   is_open             boolean     Still there at the as-of: censored.
--   is_sent_back        boolean     Came here from a later stage.
--   days                double?     From entered_at to ended_at.
--   blocked_days        double?     Of these, blocked.
--   cycle_started_at    timestamp?  First instant of it on the item's clock.
--   cycle_ended_at      timestamp?  Last instant of it on the item's clock.
--   cycle_days          double?     From one to the other.
--   cycle_active_days   double?     In an active stage and not blocked.
--   cycle_waiting_days  double?     In another stage and not blocked.
--   cycle_blocked_days  double?     Blocked, in whatever stage.
--   exclusion           string?     no_stage or entry_unknown.

-- Definition, Cycle time: "Stage durations close at the as-of". Two statuses
-- of one stage that follow one another are one stay.
-- cycle_...  the part of the stay on the item's clock of cycle_time, from
-- commitment to delivery (the as-of while open). Null where cycle_time leaves
-- the item out, or where the stay lies before or after its clock. Active,
-- waiting and blocked add up to cycle_days; a stage is active by its kind, and
-- every other one waits: for a start, for an approval, for a deployment.
-- exclusion  no_stage       a status that [workflow] does not list: its days
--                           are known, not what they went on.
--            entry_unknown  nobody knows since when it is there: no days.

with spans as (
    select
        item_id,
        stay_number,
        stage,
        stage_position,
        kind,
        stage_entered_at,
        left_at,
        ended_at,
        is_sent_back
    from item_stages
),

blocked as (
    select
        item_id,
        started_at,
        ended_at
    from blocked_spans
),

clocks as (
    select
        item_id,
        committed_at,
        ended_at
    from cycle_time
    where exclusion is null
),

unbroken_stays as (
    select
        item_id,
        stay_number,
        min(stage) as stage,
        min(stage_position) as stage_position,
        min(kind) as kind,
        min(stage_entered_at) as entered_at,
        max(ended_at) as ended_at,
        bool_or(left_at is null) as is_open,
        bool_or(is_sent_back) as is_sent_back
    from spans
    group by item_id, stay_number
),

clipped_stays as (
    select
        unbroken_stays.item_id,
        unbroken_stays.stay_number,
        unbroken_stays.stage,
        unbroken_stays.stage_position,
        unbroken_stays.kind,
        unbroken_stays.entered_at,
        unbroken_stays.ended_at,
        unbroken_stays.is_open,
        unbroken_stays.is_sent_back,
        case
            when clocks.item_id is not null
                then greatest(unbroken_stays.entered_at, clocks.committed_at)
        end as cycle_started_at,
        case
            when clocks.item_id is not null
                then least(unbroken_stays.ended_at, clocks.ended_at)
        end as cycle_ended_at
    from unbroken_stays
    left join clocks
        on unbroken_stays.item_id = clocks.item_id
        and unbroken_stays.entered_at < clocks.ended_at
        and unbroken_stays.ended_at > clocks.committed_at
),

blocked_clocks as (
    select
        clipped_stays.item_id,
        clipped_stays.stay_number,
        sum(
            seconds_between(
                greatest(blocked.started_at, clipped_stays.entered_at),
                least(blocked.ended_at, clipped_stays.ended_at)
            )
        ) as blocked_seconds,
        sum(
            greatest(
                0e0,
                seconds_between(
                    greatest(
                        blocked.started_at, clipped_stays.cycle_started_at
                    ),
                    least(blocked.ended_at, clipped_stays.cycle_ended_at)
                )
            )
        ) filter (
            where clipped_stays.cycle_started_at is not null
        ) as cycle_blocked_seconds
    from clipped_stays
    inner join blocked
        on clipped_stays.item_id = blocked.item_id
        and blocked.started_at < clipped_stays.ended_at
        and blocked.ended_at > clipped_stays.entered_at
    group by clipped_stays.item_id, clipped_stays.stay_number
),

measured_stays as (
    select
        clipped_stays.item_id,
        clipped_stays.stay_number,
        clipped_stays.stage,
        clipped_stays.stage_position,
        clipped_stays.kind,
        clipped_stays.entered_at,
        clipped_stays.ended_at,
        clipped_stays.is_open,
        clipped_stays.is_sent_back,
        seconds_between(
            clipped_stays.entered_at, clipped_stays.ended_at
        ) / 86400e0 as days,
        case
            when clipped_stays.entered_at is not null
                then coalesce(blocked_clocks.blocked_seconds, 0e0)
        end / 86400e0 as blocked_days,
        clipped_stays.cycle_started_at,
        clipped_stays.cycle_ended_at,
        seconds_between(
            clipped_stays.cycle_started_at, clipped_stays.cycle_ended_at
        ) / 86400e0 as cycle_days,
        case
            when clipped_stays.stage is not null
                and clipped_stays.cycle_started_at is not null
                then coalesce(blocked_clocks.cycle_blocked_seconds, 0e0)
        end / 86400e0 as cycle_blocked_days,
        case
            when clipped_stays.stage is null then 'no_stage'
            when clipped_stays.entered_at is null then 'entry_unknown'
        end as exclusion
    from clipped_stays
    left join blocked_clocks
        on clipped_stays.item_id = blocked_clocks.item_id
        and clipped_stays.stay_number = blocked_clocks.stay_number
),

divided_stays as (
    select
        item_id,
        stay_number,
        stage,
        stage_position,
        kind,
        entered_at,
        ended_at,
        is_open,
        is_sent_back,
        days,
        blocked_days,
        cycle_started_at,
        cycle_ended_at,
        cycle_days,
        case
            when kind = 'active' then cycle_days - cycle_blocked_days
            when cycle_blocked_days is not null then 0e0
        end as cycle_active_days,
        case
            when kind <> 'active' then cycle_days - cycle_blocked_days
            when cycle_blocked_days is not null then 0e0
        end as cycle_waiting_days,
        cycle_blocked_days,
        exclusion
    from measured_stays
)

select
    item_id,
    stay_number,
    stage,
    stage_position,
    kind,
    entered_at,
    ended_at,
    is_open,
    is_sent_back,
    days,
    blocked_days,
    cycle_started_at,
    cycle_ended_at,
    cycle_days,
    cycle_active_days,
    cycle_waiting_days,
    cycle_blocked_days,
    exclusion
from divided_stays
order by item_id, stay_number
