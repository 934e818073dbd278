-- name: scope_moves
-- about: Every time an item came into a release or left it, up to the as-of.
-- grain: one row per release, item and move
-- key: release_id, item_id, move_number
-- reads: params, table_feeds, items_as_of, item_history, scope_changes,
--   release_names
-- columns:
--   release_id    string     Release.
--   item_id       string     Tracker key.
--   changed_at    timestamp  When.
--   action        string     added or removed.
--   reason        string?    Reason given.
--   approval_id   string?    Approval given.
--   is_emergency  boolean?   Declared an emergency.
--   is_derived    boolean    Not from scope_changes.
--   move_number   bigint     1 for the item's first move in this release.

-- Definition, Scope volatility, and contract.md: scope_changes, else derived
-- from item_events where field = release. A change between two names of one
-- release is no move (item_history has merged it).
-- An item that is in a release without ever having been put there was in it
-- from its creation; if that is unknown, since before anything else. Under
-- scope_changes the same holds for an item whose first change there is its
-- removal. A change that repeats what holds already is no move.

with instant as (
    select as_of
    from params
),

feeds as (
    select count(*) as feed_count
    from table_feeds
    where table_name = 'scope_changes' and is_fed
),

item_rows as (
    select
        item_id,
        release_id,
        created_at
    from items_as_of
),

release_periods as (
    select
        item_id,
        value as release_id,
        reason,
        approval_id,
        started_at,
        ended_at
    from item_history
    where field = 'release'
),

stated_changes as (
    select
        coalesce(
            release_names.release_id, scope_changes.release_id
        ) as release_id,
        scope_changes.item_id,
        scope_changes.changed_at,
        scope_changes.action,
        scope_changes.reason,
        scope_changes.approval_id,
        scope_changes.is_emergency
    from scope_changes
    inner join instant
        on scope_changes.changed_at <= instant.as_of
    inner join item_rows
        on scope_changes.item_id = item_rows.item_id
    left join release_names
        on scope_changes.release_id = release_names.release_name
),

derived_additions as (
    select
        release_periods.release_id,
        release_periods.item_id,
        coalesce(
            release_periods.started_at,
            cast('1970-01-01 00:00:00' as timestamp)
        ) as changed_at,
        'added' as action,
        release_periods.reason,
        release_periods.approval_id
    from release_periods
    inner join feeds
        on feeds.feed_count = 0
    where release_periods.release_id is not null
),

-- What a removal was for is said by the change that ended the stay, which is
-- the one that begins the next period.
derived_removals as (
    select
        leaving.release_id,
        leaving.item_id,
        leaving.ended_at as changed_at,
        'removed' as action,
        following.reason,
        following.approval_id
    from release_periods as leaving
    inner join feeds
        on feeds.feed_count = 0
    left join release_periods as following
        on leaving.item_id = following.item_id
        and leaving.ended_at = following.started_at
        and following.release_id is distinct from leaving.release_id
    where leaving.release_id is not null and leaving.ended_at is not null
    qualify row_number() over (
        partition by leaving.item_id, leaving.release_id, leaving.ended_at
        order by
            following.ended_at desc nulls first,
            following.release_id nulls last,
            following.reason nulls last,
            following.approval_id nulls last
    ) = 1
),

first_stated_changes as (
    select
        release_id,
        item_id,
        action
    from stated_changes
    qualify row_number() over (
        partition by release_id, item_id
        order by changed_at, action
    ) = 1
),

founding_members as (
    select
        first_stated_changes.release_id,
        first_stated_changes.item_id,
        item_rows.created_at
    from first_stated_changes
    inner join item_rows
        on first_stated_changes.item_id = item_rows.item_id
    inner join feeds
        on feeds.feed_count > 0
    where first_stated_changes.action = 'removed'
    union all
    select
        item_rows.release_id,
        item_rows.item_id,
        item_rows.created_at
    from item_rows
    inner join feeds
        on feeds.feed_count > 0
    left join first_stated_changes
        on item_rows.item_id = first_stated_changes.item_id
        and item_rows.release_id = first_stated_changes.release_id
    where
        item_rows.release_id is not null
        and first_stated_changes.item_id is null
),

all_changes as (
    select
        stated_changes.release_id,
        stated_changes.item_id,
        stated_changes.changed_at,
        stated_changes.action,
        stated_changes.reason,
        stated_changes.approval_id,
        stated_changes.is_emergency,
        false as is_derived,
        1 as precedence
    from stated_changes
    inner join feeds
        on feeds.feed_count > 0
    union all
    select
        release_id,
        item_id,
        coalesce(
            created_at, cast('1970-01-01 00:00:00' as timestamp)
        ) as changed_at,
        'added' as action,
        cast(null as string) as reason,
        cast(null as string) as approval_id,
        cast(null as boolean) as is_emergency,
        true as is_derived,
        0 as precedence
    from founding_members
    union all
    select
        release_id,
        item_id,
        changed_at,
        action,
        reason,
        approval_id,
        cast(null as boolean) as is_emergency,
        true as is_derived,
        1 as precedence
    from derived_additions
    union all
    select
        release_id,
        item_id,
        changed_at,
        action,
        reason,
        approval_id,
        cast(null as boolean) as is_emergency,
        true as is_derived,
        1 as precedence
    from derived_removals
),

compared_changes as (
    select
        release_id,
        item_id,
        changed_at,
        action,
        reason,
        approval_id,
        is_emergency,
        is_derived,
        precedence,
        lag(action) over (
            partition by release_id, item_id
            order by
                precedence,
                changed_at,
                action,
                reason nulls last,
                approval_id nulls last,
                is_emergency nulls last
        ) as action_before
    from all_changes
),

numbered_moves as (
    select
        release_id,
        item_id,
        changed_at,
        action,
        reason,
        approval_id,
        is_emergency,
        is_derived,
        row_number() over (
            partition by release_id, item_id
            order by precedence, changed_at, action
        ) as move_number
    from compared_changes
    where action is distinct from action_before
)

select
    release_id,
    item_id,
    changed_at,
    action,
    reason,
    approval_id,
    is_emergency,
    is_derived,
    cast(move_number as bigint) as move_number
from numbered_moves
order by release_id, item_id, move_number
