-- name: baseline_changes
-- about: Moves into and out of a release between its baseline and its end.
-- grain: one row per release, item and move
-- key: release_id, item_id, move_number
-- reads: local_days, scope_moves, release_baselines
-- columns:
--   release_id       string     Release.
--   item_id          string     Tracker key.
--   move_number      bigint     As in scope_moves.
--   action           string     added or removed.
--   reason           string?    Reason given.
--   approval_id      string?    Approval given.
--   is_emergency     boolean?   Declared an emergency.
--   is_readded       boolean    Added after having been in before.
--   is_after_freeze  boolean?   After the freeze; null without a freeze.
--   week_start       date?      Monday of the local week of the move.
--   changed_at       timestamp  When.

-- Definition, Scope volatility. What happens up to the baseline is planning,
-- what happens once the release is out is tidying: neither is a change.

with days as (
    select
        utc_date,
        week_start,
        start_at,
        end_at
    from local_days
),

moves as (
    select
        release_id,
        item_id,
        move_number,
        action,
        reason,
        approval_id,
        is_emergency,
        changed_at
    from scope_moves
),

baselines as (
    select
        release_id,
        baseline_at,
        freeze_at,
        closed_at
    from release_baselines
),

changes as (
    select
        moves.release_id,
        moves.item_id,
        moves.move_number,
        moves.action,
        moves.reason,
        moves.approval_id,
        moves.is_emergency,
        moves.action = 'added' and moves.move_number > 1 as is_readded,
        moves.changed_at > baselines.freeze_at as is_after_freeze,
        days.week_start,
        moves.changed_at
    from moves
    inner join baselines
        on moves.release_id = baselines.release_id
        and moves.changed_at > baselines.baseline_at
        and moves.changed_at <= baselines.closed_at
    left join days
        on cast(moves.changed_at as date) = days.utc_date
        and moves.changed_at >= days.start_at
        and moves.changed_at < days.end_at
)

select
    release_id,
    item_id,
    move_number,
    action,
    reason,
    approval_id,
    is_emergency,
    is_readded,
    is_after_freeze,
    week_start,
    changed_at
from changes
order by release_id, item_id, move_number
