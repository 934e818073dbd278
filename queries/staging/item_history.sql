-- name: item_history
-- about: What each field of each item was, period by period, up to the as-of.
-- grain: one row per item, field and period
-- key: item_id, field, period_number
-- reads: params, workflow, items, item_events, release_names, themes
-- columns:
--   item_id        string      Tracker key.
--   field          string      status, release, estimate_hours, blocked, ...
--   value          string?     The value; null where the field was empty.
--   origin         string      initial, event or standing (see below).
--   reason         string?     Reason given with the change.
--   approval_id    string?     Approval given with the change.
--   period_number  bigint      1 for the earliest period.
--   started_at     timestamp?  Null when the item's creation is unknown.
--   ended_at       timestamp?  Null for the period that holds at the as-of.

-- Definition, As of: "Nothing dated after it is seen: item states are rebuilt
-- from item_events ... An item without events is taken as it stands."
-- origin  initial   before the field's first change, from that change's
--                   old_value; it holds since the item was created. The first
--                   change may lie after the as-of: its old_value is then
--                   what held at the as-of.
--         event     from a change at or before the as-of.
--         standing  the field never changed in the log: the item's own value.
--                   A done status whose resolution lies after the as-of did
--                   not hold yet; what held instead is unknown: no period.
-- Items created after the as-of do not exist; nor do items that have left
-- `items`, whatever the log still says about them.

with instant as (
    select as_of
    from params
),

done_statuses as (
    select distinct status
    from workflow
    where kind = 'done'
),

item_rows as (
    select
        items.item_id,
        case
            when items.resolved_at > instant.as_of
                and done_statuses.status is not null
                then cast(null as string)
            else items.status
        end as status,
        items.release_id,
        items.team,
        items.owner,
        items.theme_id,
        cast(items.priority as string) as priority,
        cast(items.estimate_hours as string) as estimate_hours,
        cast(items.story_points as string) as story_points,
        items.created_at
    from items
    cross join instant
    left join done_statuses
        on items.status = done_statuses.status
    where items.created_at is null or items.created_at <= instant.as_of
),

theme_words as (
    select
        name as theme_name,
        min(theme_id) as theme_id
    from themes
    where name not in (select themes.theme_id from themes)
    group by name
),

-- Releases and themes are named by id or by name in change logs; both become
-- the id, so that a rename is no change.
named_events as (
    select
        item_events.item_id,
        item_events.field,
        case item_events.field
            when 'release'
                then coalesce(old_release.release_id, item_events.old_value)
            when 'theme'
                then coalesce(old_theme.theme_id, item_events.old_value)
            else item_events.old_value
        end as old_value,
        case item_events.field
            when 'release'
                then coalesce(new_release.release_id, item_events.new_value)
            when 'theme'
                then coalesce(new_theme.theme_id, item_events.new_value)
            else item_events.new_value
        end as new_value,
        item_events.reason,
        item_events.approval_id,
        item_events.changed_at,
        item_events.source_file,
        item_events.source_line
    from item_events
    left join release_names as old_release
        on item_events.old_value = old_release.release_name
        and item_events.field = 'release'
    left join release_names as new_release
        on item_events.new_value = new_release.release_name
        and item_events.field = 'release'
    left join theme_words as old_theme
        on item_events.old_value = old_theme.theme_name
        and item_events.field = 'theme'
    left join theme_words as new_theme
        on item_events.new_value = new_theme.theme_name
        and item_events.field = 'theme'
),

-- Likewise "8" and "8.0", or "True" and "true", are one value.
written_events as (
    select
        item_id,
        field,
        case
            when field in ('estimate_hours', 'story_points', 'priority')
                then coalesce(
                    cast(try_cast(old_value as double) as string), old_value
                )
            when field = 'blocked' then lower(trim(old_value))
            else old_value
        end as old_value,
        case
            when field in ('estimate_hours', 'story_points', 'priority')
                then coalesce(
                    cast(try_cast(new_value as double) as string), new_value
                )
            when field = 'blocked' then lower(trim(new_value))
            else new_value
        end as new_value,
        reason,
        approval_id,
        changed_at,
        source_file,
        source_line
    from named_events
),

true_changes as (
    select
        written_events.item_id,
        written_events.field,
        written_events.old_value,
        written_events.new_value,
        written_events.reason,
        written_events.approval_id,
        written_events.changed_at,
        written_events.source_file,
        written_events.source_line,
        item_rows.created_at
    from written_events
    inner join item_rows
        on written_events.item_id = item_rows.item_id
    where written_events.old_value is distinct from written_events.new_value
),

outcomes as (
    select distinct
        item_id,
        field,
        new_value,
        changed_at
    from true_changes
),

origins as (
    select distinct
        item_id,
        field,
        old_value,
        changed_at
    from true_changes
),

-- Changes of one field at one instant form a chain: the first starts from no
-- other's outcome, and no other starts from the outcome of the last. What is
-- between them stands as it does in the export.
ordered_changes as (
    select
        true_changes.item_id,
        true_changes.field,
        true_changes.old_value,
        true_changes.new_value,
        true_changes.reason,
        true_changes.approval_id,
        true_changes.changed_at,
        true_changes.created_at,
        row_number() over (
            partition by true_changes.item_id, true_changes.field
            order by
                true_changes.changed_at,
                case when outcomes.item_id is null then 0 else 1 end,
                case when origins.item_id is null then 1 else 0 end,
                true_changes.source_file nulls first,
                true_changes.source_line nulls first,
                true_changes.old_value nulls first,
                true_changes.new_value nulls first
        ) as change_number
    from true_changes
    left join outcomes
        on true_changes.item_id = outcomes.item_id
        and true_changes.field = outcomes.field
        and true_changes.changed_at = outcomes.changed_at
        and true_changes.old_value is not distinct from outcomes.new_value
    left join origins
        on true_changes.item_id = origins.item_id
        and true_changes.field = origins.field
        and true_changes.changed_at = origins.changed_at
        and true_changes.new_value is not distinct from origins.old_value
),

initial_periods as (
    select
        ordered_changes.item_id,
        ordered_changes.field,
        ordered_changes.old_value as value,
        'initial' as origin,
        cast(null as string) as reason,
        cast(null as string) as approval_id,
        cast(0 as bigint) as change_number,
        ordered_changes.created_at as started_at,
        case
            when ordered_changes.changed_at <= instant.as_of
                then ordered_changes.changed_at
        end as ended_at
    from ordered_changes
    cross join instant
    where
        ordered_changes.change_number = 1
        and (
            ordered_changes.created_at is null
            or ordered_changes.created_at < ordered_changes.changed_at
        )
),

seen_changes as (
    select
        ordered_changes.item_id,
        ordered_changes.field,
        ordered_changes.old_value,
        ordered_changes.new_value,
        ordered_changes.reason,
        ordered_changes.approval_id,
        ordered_changes.change_number,
        ordered_changes.changed_at,
        lag(ordered_changes.new_value) over (
            partition by ordered_changes.item_id, ordered_changes.field
            order by ordered_changes.change_number
        ) as value_before
    from ordered_changes
    cross join instant
    where ordered_changes.changed_at <= instant.as_of
),

-- A log with a gap may set the value that holds already: no new period.
event_periods as (
    select
        item_id,
        field,
        new_value as value,
        'event' as origin,
        reason,
        approval_id,
        change_number,
        changed_at as started_at,
        lead(changed_at) over (
            partition by item_id, field
            order by change_number
        ) as ended_at
    from seen_changes
    where change_number = 1 or new_value is distinct from value_before
),

changed_fields as (
    select distinct
        item_id,
        field
    from true_changes
),

standing_values as (
    select item_id, 'status' as field, status as value, created_at
    from item_rows
    union all
    select
        item_rows.item_id,
        'release' as field,
        coalesce(release_names.release_id, item_rows.release_id) as value,
        item_rows.created_at
    from item_rows
    left join release_names
        on item_rows.release_id = release_names.release_name
    union all
    select item_id, 'estimate_hours' as field, estimate_hours, created_at
    from item_rows
    union all
    select item_id, 'story_points' as field, story_points, created_at
    from item_rows
    union all
    select item_id, 'priority' as field, priority, created_at
    from item_rows
    union all
    select item_id, 'team' as field, team, created_at
    from item_rows
    union all
    select item_id, 'owner' as field, owner, created_at
    from item_rows
    union all
    select
        item_rows.item_id,
        'theme' as field,
        coalesce(theme_words.theme_id, item_rows.theme_id) as value,
        item_rows.created_at
    from item_rows
    left join theme_words
        on item_rows.theme_id = theme_words.theme_name
),

standing_periods as (
    select
        standing_values.item_id,
        standing_values.field,
        standing_values.value,
        'standing' as origin,
        cast(null as string) as reason,
        cast(null as string) as approval_id,
        cast(0 as bigint) as change_number,
        standing_values.created_at as started_at,
        cast(null as timestamp) as ended_at
    from standing_values
    left join changed_fields
        on standing_values.item_id = changed_fields.item_id
        and standing_values.field = changed_fields.field
    where
        changed_fields.item_id is null
        and standing_values.value is not null
),

all_periods as (
    select
        item_id, field, value, origin, reason, approval_id,
        change_number, started_at, ended_at
    from initial_periods
    union all
    select
        item_id, field, value, origin, reason, approval_id,
        change_number, started_at, ended_at
    from event_periods
    union all
    select
        item_id, field, value, origin, reason, approval_id,
        change_number, started_at, ended_at
    from standing_periods
),

numbered_periods as (
    select
        item_id,
        field,
        value,
        origin,
        reason,
        approval_id,
        row_number() over (
            partition by item_id, field
            order by change_number
        ) as period_number,
        started_at,
        ended_at
    from all_periods
)

select
    item_id,
    field,
    value,
    origin,
    reason,
    approval_id,
    cast(period_number as bigint) as period_number,
    started_at,
    ended_at
from numbered_periods
order by item_id, field, period_number
