-- name: item_limits
-- about: Each item against the limits past which items should be split.
-- grain: one row per item
-- key: item_id
-- reads: params, planning_limits, table_feeds, items, items_as_of,
--   starting_estimates, item_components, dependencies
-- columns:
--   item_id             string    Tracker key.
--   estimate_hours      double?   Estimate as it was when work began.
--   story_points        double?   Estimated size at the as-of.
--   component_count     bigint?   Components; null where the list is unknown.
--   dependency_count    bigint?   Things it has waited for, or waits for; null
--                                 where no dependencies are fed.
--   is_past_size        boolean?  Estimate or story points are past the limit.
--   is_past_components  boolean?  Components are.
--   is_past_dependencies  boolean?  Dependencies are.

-- coverage.md 2.5. Past a limit is more than it; just the limit is within. With
-- an estimate and story points, one of the two past its limit is enough; an item
-- with neither is of unknown size. The estimate is the one from the start of
-- work, so that what an item cost does not make it large afterwards.
-- Dependencies are all that were raised by the as-of, resolved ones too.

with instant as (
    select as_of
    from params
),

limits as (
    select
        max_story_points,
        max_estimate_hours,
        max_components,
        max_dependencies
    from planning_limits
),

feeds as (
    select count(*) as feed_count
    from table_feeds
    where table_name = 'dependencies' and is_fed
),

item_rows as (
    select
        item_id,
        story_points
    from items_as_of
),

component_lists as (
    select item_id
    from items
    where list_length(components) > 0
),

starting_rows as (
    select
        item_id,
        estimate_seconds
    from starting_estimates
),

component_counts as (
    select
        item_id,
        count(*) as component_count
    from item_components
    group by item_id
),

dependency_counts as (
    select
        dependencies.item_id,
        count(distinct dependencies.depends_on) as dependency_count
    from dependencies
    cross join instant
    where
        dependencies.raised_at is null
        or dependencies.raised_at <= instant.as_of
    group by dependencies.item_id
),

counted_items as (
    select
        item_rows.item_id,
        item_rows.story_points,
        case
            when starting_rows.estimate_seconds > 0
                then starting_rows.estimate_seconds / 3600e0
        end as estimate_hours,
        case
            when component_lists.item_id is not null
                then coalesce(component_counts.component_count, 0)
        end as component_count,
        case
            when feeds.feed_count > 0
                then coalesce(dependency_counts.dependency_count, 0)
        end as dependency_count
    from item_rows
    cross join feeds
    left join component_lists
        on item_rows.item_id = component_lists.item_id
    left join starting_rows
        on item_rows.item_id = starting_rows.item_id
    left join component_counts
        on item_rows.item_id = component_counts.item_id
    left join dependency_counts
        on item_rows.item_id = dependency_counts.item_id
)

select
    counted_items.item_id,
    counted_items.estimate_hours,
    counted_items.story_points,
    counted_items.component_count,
    counted_items.dependency_count,
    case
        when counted_items.estimate_hours is null
            and counted_items.story_points is null
            then cast(null as boolean)
        else coalesce(
            counted_items.estimate_hours > limits.max_estimate_hours, false
        )
        or coalesce(
            counted_items.story_points > limits.max_story_points, false
        )
    end as is_past_size,
    counted_items.component_count > limits.max_components
        as is_past_components,
    counted_items.dependency_count > limits.max_dependencies
        as is_past_dependencies
from counted_items
cross join limits
order by item_id
