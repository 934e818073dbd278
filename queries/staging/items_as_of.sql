-- name: items_as_of
-- about: Every item that existed at the as-of, as it then stood.
-- grain: one row per item
-- key: item_id
-- reads: params, items, item_events, item_history
-- columns:
--   item_id              string      Tracker key, for example ABC-12.
--   title                string?     Title.
--   item_type            string?     feature, defect, hotfix, ...
--   status               string?     The source's own word. Rewound.
--   team                 string?     Team. Rewound.
--   domain               string?     Domain.
--   system               string?     System.
--   owner                string?     Who works on it. Rewound.
--   business_owner       string?     Who asked for it.
--   release_id           string?     Release it is planned for. Rewound.
--   theme_id             string?     Theme it serves. Rewound.
--   investment_category  string?     Portfolio category.
--   feasibility          string?     feasible, infeasible or unknown.
--   data_sensitivity     string?     none, internal, personal or special.
--   user_impact          string?     low, medium or high.
--   source_url           string?     The item in its tracker.
--   estimate_hours       double?     Estimated effort. Rewound.
--   story_points         double?     Estimated size. Rewound.
--   priority             double?     On the project's scale. Rewound.
--   is_blocked           boolean     The blocked flag is up. Rewound.
--   is_rewindable        boolean     The item has a change log.
--   created_at           timestamp?  Creation.
--   refined_at           timestamp?  Refinement, as the export states it.
--   committed_at         timestamp?  Commitment, as the export states it.
--   resolved_at          timestamp?  Resolution, as the export states it.

-- Definition, As of: states are rebuilt from item_events; an item without
-- events is taken as it stands and counted as not rewindable. Columns that
-- the log does not carry are taken as they stand.

with instant as (
    select as_of
    from params
),

item_rows as (
    select
        items.item_id,
        items.title,
        items.item_type,
        items.domain,
        items.system,
        items.business_owner,
        items.investment_category,
        items.feasibility,
        items.data_sensitivity,
        items.user_impact,
        items.source_url,
        items.created_at,
        case
            when items.refined_at <= instant.as_of then items.refined_at
        end as refined_at,
        case
            when items.committed_at <= instant.as_of then items.committed_at
        end as committed_at,
        case
            when items.resolved_at <= instant.as_of then items.resolved_at
        end as resolved_at
    from items
    cross join instant
    where items.created_at is null or items.created_at <= instant.as_of
),

logged_items as (
    select distinct item_id
    from item_events
),

present_values as (
    select
        item_id,
        field,
        value
    from item_history
    where ended_at is null
),

present_states as (
    select
        item_id,
        max(value) filter (where field = 'status') as status,
        max(value) filter (where field = 'team') as team,
        max(value) filter (where field = 'owner') as owner,
        max(value) filter (where field = 'release') as release_id,
        max(value) filter (where field = 'theme') as theme_id,
        max(value) filter (where field = 'priority') as priority,
        max(value) filter (where field = 'estimate_hours') as estimate_hours,
        max(value) filter (where field = 'story_points') as story_points,
        max(value) filter (where field = 'blocked') as blocked
    from present_values
    group by item_id
),

rewound_items as (
    select
        item_rows.item_id,
        item_rows.title,
        item_rows.item_type,
        present_states.status,
        present_states.team,
        item_rows.domain,
        item_rows.system,
        present_states.owner,
        item_rows.business_owner,
        present_states.release_id,
        present_states.theme_id,
        item_rows.investment_category,
        item_rows.feasibility,
        item_rows.data_sensitivity,
        item_rows.user_impact,
        item_rows.source_url,
        try_cast(present_states.estimate_hours as double) as estimate_hours,
        try_cast(present_states.story_points as double) as story_points,
        try_cast(present_states.priority as double) as priority,
        coalesce(
            present_states.blocked in ('true', 'yes', 'y', '1'), false
        ) as is_blocked,
        logged_items.item_id is not null as is_rewindable,
        item_rows.created_at,
        item_rows.refined_at,
        item_rows.committed_at,
        item_rows.resolved_at
    from item_rows
    left join present_states
        on item_rows.item_id = present_states.item_id
    left join logged_items
        on item_rows.item_id = logged_items.item_id
)

select
    item_id,
    title,
    item_type,
    status,
    team,
    domain,
    system,
    owner,
    business_owner,
    release_id,
    theme_id,
    investment_category,
    feasibility,
    data_sensitivity,
    user_impact,
    source_url,
    estimate_hours,
    story_points,
    priority,
    is_blocked,
    is_rewindable,
    created_at,
    refined_at,
    committed_at,
    resolved_at
from rewound_items
order by item_id
