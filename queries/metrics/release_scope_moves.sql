-- name: release_scope_moves
-- about: Every time an item came into a release or left it, in order.
-- grain: one row per release, item and move
-- key: release_id, item_id, move_number
-- reads: scope_moves, baseline_changes
-- columns:
--   release_id       string     Release.
--   item_id          string     Tracker key.
--   move_number      bigint     1 for the item's first move in this release.
--   action           string     added or removed.
--   reason           string?    Reason given.
--   approval_id      string?    Approval given.
--   is_emergency     boolean?   Declared an emergency.
--   is_counted       boolean    A scope change: after baseline, before the end.
--   is_readded       boolean    Added after having been in before.
--   is_after_freeze  boolean?   After the freeze; null without a freeze, and
--                               for what is no scope change.
--   changed_at       timestamp  When; 1970 where an item was always in it.

-- Definition, Scope volatility. What counts is said by baseline_changes; the
-- rest is planning before the baseline, and tidying after the end.

with moves as (
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

changes as (
    select
        release_id,
        item_id,
        move_number,
        is_after_freeze
    from baseline_changes
),

marked_moves as (
    select
        moves.release_id,
        moves.item_id,
        moves.move_number,
        moves.action,
        moves.reason,
        moves.approval_id,
        moves.is_emergency,
        changes.release_id is not null as is_counted,
        moves.action = 'added' and moves.move_number > 1 as is_readded,
        changes.is_after_freeze,
        moves.changed_at
    from moves
    left join changes
        on moves.release_id = changes.release_id
        and moves.item_id = changes.item_id
        and moves.move_number = changes.move_number
)

select
    release_id,
    item_id,
    move_number,
    action,
    reason,
    approval_id,
    is_emergency,
    is_counted,
    is_readded,
    is_after_freeze,
    changed_at
from marked_moves
order by release_id, item_id, move_number
