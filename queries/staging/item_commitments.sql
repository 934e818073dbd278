-- name: item_commitments
-- about: When work on each item was committed to.
-- grain: one row per committed item
-- key: item_id
-- reads: workflow, items_as_of, item_history, item_stages
-- columns:
--   item_id       string     Tracker key.
--   committed_at  timestamp  Commitment.
--   basis         string     stage, later_stage or stated.

-- Definition, Cycle time: "Commitment: the first move into the commitment
-- stage." Being created there counts. Where the stage was skipped, the first
-- move into a later stage that is neither done nor a backlog stands for it;
-- from backlog straight to done there is no commitment. Where the log knows
-- no status change, the instant that the export states (items.committed_at)
-- is taken; without one nobody knows of a commitment, whatever the status.

with stages as (
    select distinct
        stage,
        stage_position,
        is_commitment
    from workflow
),

item_rows as (
    select
        item_id,
        committed_at
    from items_as_of
),

logged_items as (
    select distinct item_id
    from item_history
    where field = 'status' and origin <> 'standing'
),

stays as (
    select
        item_id,
        stage_position,
        kind,
        entered_at,
        is_commitment
    from item_stages
    where is_logged and entered_at is not null
),

commitment_stage as (
    select min(stage_position) as commitment_position
    from stages
    where is_commitment
),

stated_commitments as (
    select
        item_rows.item_id,
        item_rows.committed_at,
        'stated' as basis,
        1 as preference
    from item_rows
    left join logged_items
        on item_rows.item_id = logged_items.item_id
    where
        logged_items.item_id is null
        and item_rows.committed_at is not null
),

stage_commitments as (
    select
        item_id,
        min(entered_at) as committed_at,
        'stage' as basis,
        2 as preference
    from stays
    where is_commitment
    group by item_id
),

later_commitments as (
    select
        stays.item_id,
        min(stays.entered_at) as committed_at,
        'later_stage' as basis,
        3 as preference
    from stays
    inner join commitment_stage
        on stays.stage_position > commitment_stage.commitment_position
    where stays.kind not in ('backlog', 'done')
    group by stays.item_id
),

candidates as (
    select item_id, committed_at, basis, preference
    from stated_commitments
    union all
    select item_id, committed_at, basis, preference
    from stage_commitments
    union all
    select item_id, committed_at, basis, preference
    from later_commitments
),

preferred as (
    select
        item_id,
        committed_at,
        basis
    from candidates
    qualify row_number() over (
        partition by item_id
        order by preference
    ) = 1
)

select
    item_id,
    committed_at,
    basis
from preferred
order by item_id
