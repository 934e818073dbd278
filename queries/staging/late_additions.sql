-- name: late_additions
-- about: Additions to a release after its freeze, or where nobody knows of one.
-- grain: one row per release, item and move
-- key: release_id, item_id, move_number
-- reads: items_as_of, scope_moves, release_baselines, baseline_changes
-- columns:
--   release_id       string     Release.
--   item_id          string     Tracker key.
--   move_number      bigint     As in scope_moves.
--   reason           string?    Reason given.
--   approval_id      string?    Approval given.
--   is_emergency     boolean?   Declared an emergency.
--   is_after_freeze  boolean?   After the freeze; null where nobody knows.
--   changed_at       timestamp  When.

-- Those that scope volatility counts, up to the release's end. An addition to a
-- release without a freeze may have come after it. Where the baseline is
-- unknown too, that holds for whatever was put there; an item that was in from
-- its creation was put there by nobody.

with changes as (
    select
        release_id,
        item_id,
        move_number,
        reason,
        approval_id,
        is_emergency,
        is_after_freeze,
        changed_at
    from baseline_changes
    where action = 'added' and coalesce(is_after_freeze, true)
),

item_rows as (
    select
        item_id,
        coalesce(created_at, cast('1970-01-01 00:00:00' as timestamp))
            as created_at
    from items_as_of
),

boundless_releases as (
    select
        release_id,
        closed_at
    from release_baselines
    where freeze_at is null and baseline_at is null
),

moves as (
    select
        scope_moves.release_id,
        scope_moves.item_id,
        scope_moves.move_number,
        scope_moves.reason,
        scope_moves.approval_id,
        scope_moves.is_emergency,
        cast(null as boolean) as is_after_freeze,
        scope_moves.changed_at
    from scope_moves
    inner join boundless_releases
        on scope_moves.release_id = boundless_releases.release_id
        and scope_moves.changed_at <= boundless_releases.closed_at
    inner join item_rows
        on scope_moves.item_id = item_rows.item_id
        and scope_moves.changed_at > item_rows.created_at
    where scope_moves.action = 'added'
),

additions as (
    select
        release_id, item_id, move_number, reason, approval_id, is_emergency,
        is_after_freeze, changed_at
    from changes
    union all
    select
        release_id, item_id, move_number, reason, approval_id, is_emergency,
        is_after_freeze, changed_at
    from moves
)

select
    release_id,
    item_id,
    move_number,
    reason,
    approval_id,
    is_emergency,
    is_after_freeze,
    changed_at
from additions
order by release_id, item_id, move_number
