-- name: release_memberships
-- about: The stays of items in releases.
-- grain: one row per release, item and stay
-- key: release_id, item_id, stay_number
-- reads: scope_moves
-- columns:
--   release_id   string      Release.
--   item_id      string      Tracker key.
--   stay_number  bigint      1 for the item's first stay in the release.
--   joined_at    timestamp   When it came in.
--   left_at      timestamp?  When it went; null while it is in.

with moves as (
    select
        release_id,
        item_id,
        action,
        move_number,
        changed_at
    from scope_moves
),

paired_moves as (
    select
        release_id,
        item_id,
        action,
        move_number,
        changed_at as joined_at,
        lead(changed_at) over (
            partition by release_id, item_id
            order by move_number
        ) as left_at
    from moves
),

stays as (
    select
        release_id,
        item_id,
        row_number() over (
            partition by release_id, item_id
            order by move_number
        ) as stay_number,
        joined_at,
        left_at
    from paired_moves
    where action = 'added'
)

select
    release_id,
    item_id,
    cast(stay_number as bigint) as stay_number,
    joined_at,
    left_at
from stays
order by release_id, item_id, stay_number
