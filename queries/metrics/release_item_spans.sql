-- name: release_item_spans
-- about: What the items of releases did, span by span, on their clocks.
-- grain: one row per item that is in some release at its end, and span
-- key: item_id, span_number
-- reads: release_items, stage_stays, blocked_spans
-- columns:
--   item_id         string     Tracker key.
--   span_number     bigint     1 for the earliest span.
--   activity        string?    active, waiting or blocked; null in a status
--                              without a stage.
--   stage           string?    Stage.
--   stage_position  bigint?    1 for the first stage of the workflow.
--   started_at      timestamp  Start.
--   ended_at        timestamp  End.

-- The parts of stage_stays in the order of time: a stay is cut where the item
-- became blocked or free. An audit holds their sums together.

with items_in as (
    select distinct item_id
    from release_items
    where is_in_at_end
),

stays as (
    select
        item_id,
        stay_number,
        stage,
        stage_position,
        kind,
        cycle_started_at,
        cycle_ended_at
    from stage_stays
    where cycle_days is not null
),

blocked as (
    select
        item_id,
        started_at,
        ended_at
    from blocked_spans
),

shown_stays as (
    select
        stays.item_id,
        stays.stay_number,
        stays.stage,
        stays.stage_position,
        stays.kind,
        stays.cycle_started_at,
        stays.cycle_ended_at
    from stays
    inner join items_in
        on stays.item_id = items_in.item_id
),

blocked_parts as (
    select
        shown_stays.item_id,
        shown_stays.stay_number,
        greatest(
            blocked.started_at, shown_stays.cycle_started_at
        ) as started_at,
        least(blocked.ended_at, shown_stays.cycle_ended_at) as ended_at
    from shown_stays
    inner join blocked
        on shown_stays.item_id = blocked.item_id
        and blocked.started_at < shown_stays.cycle_ended_at
        and blocked.ended_at > shown_stays.cycle_started_at
),

edges as (
    select item_id, stay_number, cycle_started_at as edge_at
    from shown_stays
    union
    select item_id, stay_number, cycle_ended_at as edge_at
    from shown_stays
    union
    select item_id, stay_number, started_at as edge_at
    from blocked_parts
    union
    select item_id, stay_number, ended_at as edge_at
    from blocked_parts
),

cut_stays as (
    select
        item_id,
        stay_number,
        edge_at as started_at,
        lead(edge_at) over (
            partition by item_id, stay_number
            order by edge_at
        ) as ended_at
    from edges
),

active_spans as (
    select
        cut_stays.item_id,
        case
            when shown_stays.stage is null then cast(null as string)
            when blocked_parts.item_id is not null then 'blocked'
            when shown_stays.kind = 'active' then 'active'
            else 'waiting'
        end as activity,
        shown_stays.stage,
        shown_stays.stage_position,
        cut_stays.stay_number,
        cut_stays.started_at,
        cut_stays.ended_at
    from cut_stays
    inner join shown_stays
        on cut_stays.item_id = shown_stays.item_id
        and cut_stays.stay_number = shown_stays.stay_number
    left join blocked_parts
        on cut_stays.item_id = blocked_parts.item_id
        and cut_stays.stay_number = blocked_parts.stay_number
        and cut_stays.started_at >= blocked_parts.started_at
        and cut_stays.started_at < blocked_parts.ended_at
    where cut_stays.ended_at is not null
),

numbered_spans as (
    select
        item_id,
        row_number() over (
            partition by item_id
            order by stay_number, started_at
        ) as span_number,
        activity,
        stage,
        stage_position,
        started_at,
        ended_at
    from active_spans
)

select
    item_id,
    cast(span_number as bigint) as span_number,
    activity,
    stage,
    stage_position,
    started_at,
    ended_at
from numbered_spans
order by item_id, span_number
