-- name: item_stages
-- about: The stays of each item in a status, with the stage it maps to.
-- grain: one row per item and stay
-- key: item_id, span_number
-- reads: params, workflow, items_as_of, item_history
-- columns:
--   item_id           string      Tracker key.
--   stage             string?     Stage; null for a status without one.
--   stage_position    bigint?     1 for the first stage of the workflow.
--   kind              string?     backlog, waiting, active, approval, done.
--   status            string      The source's own word.
--   entered_at        timestamp?  When it came into the status, if known.
--   left_at           timestamp?  When it left; null if still there.
--   ended_at          timestamp   left_at, or the as-of while still there.
--   span_number       bigint      1 for the earliest stay.
--   stage_entered_at  timestamp?  Start of the unbroken stay in the stage.
--   is_commitment     boolean     The stage is the commitment stage.
--   is_sent_back      boolean     Came here from a later stage.
--   is_logged         boolean     The stay comes from the change log.
--   stay_number       bigint      1 for the first unbroken stay in a stage.

-- Definition, Cycle time: "Stage durations close at the as-of."
-- An item whose status never changed in the log has one stay. It starts at
-- the instant that the export itself states for it: resolved_at in a done
-- stage, committed_at in the commitment stage, creation before it. Else nobody
-- knows when it came there, and no date is made up: entered_at is null.

with instant as (
    select as_of
    from params
),

stages as (
    select
        status,
        stage,
        stage_position,
        kind,
        is_commitment
    from workflow
),

item_rows as (
    select
        item_id,
        committed_at,
        resolved_at
    from items_as_of
),

status_periods as (
    select
        item_id,
        value as status,
        origin,
        period_number,
        started_at,
        ended_at
    from item_history
    where field = 'status' and value is not null
),

commitment_stage as (
    select min(stage_position) as commitment_position
    from stages
    where is_commitment
),

staged_periods as (
    select
        status_periods.item_id,
        stages.stage,
        stages.stage_position,
        stages.kind,
        status_periods.status,
        status_periods.period_number,
        coalesce(stages.is_commitment, false) as is_commitment,
        status_periods.origin <> 'standing' as is_logged,
        case
            when status_periods.origin <> 'standing'
                then status_periods.started_at
            when stages.kind = 'done' then item_rows.resolved_at
            when stages.is_commitment then item_rows.committed_at
            when stages.stage_position < commitment_stage.commitment_position
                then status_periods.started_at
        end as entered_at,
        status_periods.ended_at as left_at
    from status_periods
    inner join item_rows
        on status_periods.item_id = item_rows.item_id
    cross join commitment_stage
    left join stages
        on status_periods.status = stages.status
),

numbered_stays as (
    select
        item_id,
        stage,
        stage_position,
        kind,
        status,
        entered_at,
        left_at,
        is_commitment,
        is_logged,
        row_number() over (
            partition by item_id
            order by period_number
        ) as span_number
    from staged_periods
),

-- Statuses that no stage claims are passed over when looking back.
compared_stays as (
    select
        item_id,
        stage,
        stage_position,
        kind,
        status,
        entered_at,
        left_at,
        is_commitment,
        is_logged,
        span_number,
        case
            when span_number > 1
                and lag(stage) over (
                    partition by item_id
                    order by span_number
                ) is not distinct from stage
                then 0
            else 1
        end as is_new_stage,
        coalesce(
            stage_position < lag(stage_position) over (
                partition by item_id, stage is null
                order by span_number
            ),
            false
        ) as is_sent_back
    from numbered_stays
),

grouped_stays as (
    select
        item_id,
        stage,
        stage_position,
        kind,
        status,
        entered_at,
        left_at,
        is_commitment,
        is_logged,
        is_sent_back,
        span_number,
        sum(is_new_stage) over (
            partition by item_id
            order by span_number
            rows between unbounded preceding and current row
        ) as stage_number
    from compared_stays
),

closed_stays as (
    select
        grouped_stays.item_id,
        grouped_stays.stage,
        grouped_stays.stage_position,
        grouped_stays.kind,
        grouped_stays.status,
        grouped_stays.entered_at,
        grouped_stays.left_at,
        coalesce(grouped_stays.left_at, instant.as_of) as ended_at,
        cast(grouped_stays.span_number as bigint) as span_number,
        case
            when count(grouped_stays.entered_at) over stage_stays
                = count(*) over stage_stays
                then min(grouped_stays.entered_at) over stage_stays
        end as stage_entered_at,
        grouped_stays.is_commitment,
        grouped_stays.is_sent_back,
        grouped_stays.is_logged,
        cast(grouped_stays.stage_number as bigint) as stay_number
    from grouped_stays
    cross join instant
    window stage_stays as (
        partition by grouped_stays.item_id, grouped_stays.stage_number
    )
)

select
    item_id,
    stage,
    stage_position,
    kind,
    status,
    entered_at,
    left_at,
    ended_at,
    span_number,
    stage_entered_at,
    is_commitment,
    is_sent_back,
    is_logged,
    stay_number
from closed_stays
order by item_id, span_number
