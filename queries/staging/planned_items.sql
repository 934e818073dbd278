-- name: planned_items
-- about: The planned scope of each release: what was in it at its baseline.
-- grain: one row per release and item that was in it at its baseline
-- key: release_id, item_id
-- reads: params, release_baselines, release_memberships
-- columns:
--   release_id     string     Release.
--   item_id        string     Tracker key.
--   is_kept        boolean    Still in the release at its end.
--   baseline_at    timestamp  The release's baseline, by the as-of.
--   watched_until  timestamp  When it left, or the release's end.

-- Definition, Scope volatility: "Baseline: the items in the release at its
-- baseline instant". A release whose baseline lies ahead has no planned items
-- yet. An item that left and came back is in the release at its end; its
-- estimate is watched as long as it was in it without a break.

with instant as (
    select as_of
    from params
),

baselines as (
    select
        release_id,
        baseline_at,
        closed_at
    from release_baselines
),

memberships as (
    select
        release_id,
        item_id,
        joined_at,
        left_at
    from release_memberships
),

open_baselines as (
    select
        baselines.release_id,
        baselines.baseline_at,
        baselines.closed_at
    from baselines
    cross join instant
    where baselines.baseline_at <= instant.as_of
),

final_items as (
    select distinct
        memberships.release_id,
        memberships.item_id
    from memberships
    inner join open_baselines
        on memberships.release_id = open_baselines.release_id
        and memberships.joined_at <= open_baselines.closed_at
        and (
            memberships.left_at is null
            or memberships.left_at > open_baselines.closed_at
        )
),

planned as (
    select
        memberships.release_id,
        memberships.item_id,
        final_items.item_id is not null as is_kept,
        open_baselines.baseline_at,
        least(
            coalesce(memberships.left_at, open_baselines.closed_at),
            open_baselines.closed_at
        ) as watched_until
    from memberships
    inner join open_baselines
        on memberships.release_id = open_baselines.release_id
        and memberships.joined_at <= open_baselines.baseline_at
        and (
            memberships.left_at is null
            or memberships.left_at > open_baselines.baseline_at
        )
    left join final_items
        on memberships.release_id = final_items.release_id
        and memberships.item_id = final_items.item_id
)

select
    release_id,
    item_id,
    is_kept,
    baseline_at,
    watched_until
from planned
order by release_id, item_id
