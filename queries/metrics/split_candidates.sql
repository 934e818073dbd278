-- name: split_candidates
-- about: Open items past the limits of size, components or dependencies.
-- grain: one row per such item
-- key: item_id
-- reads: item_limits, aging
-- columns:
--   item_id               string    Tracker key.
--   title                 string?   Title.
--   team                  string?   Team.
--   item_type             string?   feature, defect, hotfix, ...
--   release_name          string?   Release it is planned for.
--   stage                 string?   Stage it is in.
--   limit_count           bigint    Limits that it is past, 1 to 3.
--   limit_words           string    Which: size, components, dependencies.
--   estimate_hours        double?   Its estimate.
--   story_points          double?   Its size.
--   component_count       bigint?   Its components.
--   dependency_count      bigint?   What it depends on.
--   is_past_size          boolean?  Past the limit of size.
--   is_past_components    boolean?  Past the limit of components.
--   is_past_dependencies  boolean?  Past the limit of dependencies.
--   is_committed          boolean   Already committed to.
--   source_url            string?   The item in its tracker.

-- coverage.md 2.5. split_costs says what such items have cost here. item_limits
-- has the counts; null where one is unknown.

with limits as (
    select
        item_id,
        estimate_hours,
        story_points,
        component_count,
        dependency_count,
        is_past_size,
        is_past_components,
        is_past_dependencies,
        case when is_past_size then 1 else 0 end
        + case when is_past_components then 1 else 0 end
        + case when is_past_dependencies then 1 else 0 end as limit_count,
        case when is_past_size then ', size' else '' end
        || case when is_past_components then ', components' else '' end
        || case when is_past_dependencies then ', dependencies' else '' end
            as listed_limits
    from item_limits
),

open_items as (
    select
        item_id,
        title,
        team,
        item_type,
        release_name,
        stage,
        is_committed,
        source_url
    from aging
)

select
    open_items.item_id,
    open_items.title,
    open_items.team,
    open_items.item_type,
    open_items.release_name,
    open_items.stage,
    cast(limits.limit_count as bigint) as limit_count,
    regexp_replace(limits.listed_limits, '^, ', '') as limit_words,
    limits.estimate_hours,
    limits.story_points,
    limits.component_count,
    limits.dependency_count,
    limits.is_past_size,
    limits.is_past_components,
    limits.is_past_dependencies,
    open_items.is_committed,
    open_items.source_url
from open_items
inner join limits
    on open_items.item_id = limits.item_id
where limits.limit_count > 0
order by item_id
