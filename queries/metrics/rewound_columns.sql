-- name: rewound_columns
-- about: Which columns can be taken back to the as-of, and which stand as now.
-- grain: one row per table and column
-- key: table_name, column_name
-- reads: items_as_of, item_history, releases_as_of
-- columns:
--   table_name      string  Table of the contract: items or releases.
--   column_name     string  Its column as staging calls it.
--   basis           string  logged, dated or standing; see below.
--   value_count     bigint  Rows that have a value at the as-of.
--   known_count     bigint  Of these, placed in time by the log or a date.
--   standing_count  bigint  The others: taken as the export has them now.

-- Definition, As of: "An item without events is taken as it stands and counted
-- as not rewindable". That holds column by column, too.
-- basis  logged    the change log is asked. Known are the items of which it has
--                  a change of that field; of the others nobody knows whether
--                  the field never changed or nobody logged it.
--        dated     an instant of its own: one after the as-of is not seen.
--        standing  no log is asked: a correction made after the as-of is seen
--                  as if it had always held. The status of a release is one of
--                  these, but for a release after the as-of, which is undone.

with item_rows as (
    select
        item_id, status, team, owner, release_id, theme_id, priority,
        estimate_hours, story_points, is_blocked, title, item_type, domain,
        system, business_owner, investment_category, feasibility,
        data_sensitivity, user_impact, source_url, created_at, refined_at,
        committed_at, resolved_at
    from items_as_of
),

release_rows as (
    select
        release_id, release_name, version, system, criticality, status,
        summary, is_public, planned_at, freeze_at, released_at
    from releases_as_of
),

logged_fields as (
    select distinct
        item_id,
        field
    from item_history
    where origin <> 'standing'
),

log_marks as (
    select
        item_id,
        bool_or(field = 'status') as has_status,
        bool_or(field = 'team') as has_team,
        bool_or(field = 'owner') as has_owner,
        bool_or(field = 'release') as has_release,
        bool_or(field = 'theme') as has_theme,
        bool_or(field = 'priority') as has_priority,
        bool_or(field = 'estimate_hours') as has_estimate_hours,
        bool_or(field = 'story_points') as has_story_points,
        bool_or(field = 'blocked') as has_blocked
    from logged_fields
    group by item_id
),

marked_items as (
    select
        item_rows.status,
        item_rows.team,
        item_rows.owner,
        item_rows.release_id,
        item_rows.theme_id,
        item_rows.priority,
        item_rows.estimate_hours,
        item_rows.story_points,
        item_rows.is_blocked,
        item_rows.title,
        item_rows.item_type,
        item_rows.domain,
        item_rows.system,
        item_rows.business_owner,
        item_rows.investment_category,
        item_rows.feasibility,
        item_rows.data_sensitivity,
        item_rows.user_impact,
        item_rows.source_url,
        item_rows.created_at,
        item_rows.refined_at,
        item_rows.committed_at,
        item_rows.resolved_at,
        coalesce(log_marks.has_status, false) as has_status,
        coalesce(log_marks.has_team, false) as has_team,
        coalesce(log_marks.has_owner, false) as has_owner,
        coalesce(log_marks.has_release, false) as has_release,
        coalesce(log_marks.has_theme, false) as has_theme,
        coalesce(log_marks.has_priority, false) as has_priority,
        coalesce(log_marks.has_estimate_hours, false) as has_estimate_hours,
        coalesce(log_marks.has_story_points, false) as has_story_points,
        coalesce(log_marks.has_blocked, false) as has_blocked
    from item_rows
    left join log_marks
        on item_rows.item_id = log_marks.item_id
),

counted_columns as (
    select 'items' as table_name, 'status' as column_name,
        'logged' as basis,
        count(status) as value_count,
        count(status) filter (where has_status) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'team' as column_name,
        'logged' as basis,
        count(team) as value_count,
        count(team) filter (where has_team) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'owner' as column_name,
        'logged' as basis,
        count(owner) as value_count,
        count(owner) filter (where has_owner) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'release_id' as column_name,
        'logged' as basis,
        count(release_id) as value_count,
        count(release_id) filter (where has_release) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'theme_id' as column_name,
        'logged' as basis,
        count(theme_id) as value_count,
        count(theme_id) filter (where has_theme) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'priority' as column_name,
        'logged' as basis,
        count(priority) as value_count,
        count(priority) filter (where has_priority) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'estimate_hours' as column_name,
        'logged' as basis,
        count(estimate_hours) as value_count,
        count(estimate_hours) filter (where has_estimate_hours) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'story_points' as column_name,
        'logged' as basis,
        count(story_points) as value_count,
        count(story_points) filter (where has_story_points) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'is_blocked' as column_name,
        'logged' as basis,
        count(is_blocked) as value_count,
        count(is_blocked) filter (where has_blocked) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'created_at' as column_name,
        'dated' as basis,
        count(created_at) as value_count,
        count(created_at) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'refined_at' as column_name,
        'dated' as basis,
        count(refined_at) as value_count,
        count(refined_at) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'committed_at' as column_name,
        'dated' as basis,
        count(committed_at) as value_count,
        count(committed_at) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'resolved_at' as column_name,
        'dated' as basis,
        count(resolved_at) as value_count,
        count(resolved_at) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'title' as column_name,
        'standing' as basis,
        count(title) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'item_type' as column_name,
        'standing' as basis,
        count(item_type) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'domain' as column_name,
        'standing' as basis,
        count(domain) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'system' as column_name,
        'standing' as basis,
        count(system) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'business_owner' as column_name,
        'standing' as basis,
        count(business_owner) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'investment_category' as column_name,
        'standing' as basis,
        count(investment_category) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'feasibility' as column_name,
        'standing' as basis,
        count(feasibility) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'data_sensitivity' as column_name,
        'standing' as basis,
        count(data_sensitivity) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'user_impact' as column_name,
        'standing' as basis,
        count(user_impact) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'items' as table_name, 'source_url' as column_name,
        'standing' as basis,
        count(source_url) as value_count,
        cast(0 as bigint) as known_count
    from marked_items
    union all
    select 'releases' as table_name, 'released_at' as column_name,
        'dated' as basis,
        count(released_at) as value_count,
        count(released_at) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'release_name' as column_name,
        'standing' as basis,
        count(release_name) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'version' as column_name,
        'standing' as basis,
        count(version) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'system' as column_name,
        'standing' as basis,
        count(system) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'criticality' as column_name,
        'standing' as basis,
        count(criticality) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'status' as column_name,
        'standing' as basis,
        count(status) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'summary' as column_name,
        'standing' as basis,
        count(summary) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'is_public' as column_name,
        'standing' as basis,
        count(is_public) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'planned_at' as column_name,
        'standing' as basis,
        count(planned_at) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
    union all
    select 'releases' as table_name, 'freeze_at' as column_name,
        'standing' as basis,
        count(freeze_at) as value_count,
        cast(0 as bigint) as known_count
    from release_rows
)

select
    table_name,
    column_name,
    basis,
    value_count,
    known_count,
    value_count - known_count as standing_count
from counted_columns
order by table_name, column_name
