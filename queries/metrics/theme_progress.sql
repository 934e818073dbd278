-- name: theme_progress
-- about: What of each theme was committed and delivered in its quarter.
-- grain: one row per quarter and theme, goal or driver
-- key: quarter, level, subject
-- reads: params, quarter_spans, theme_items, themes, theme_capacity
-- columns:
--   quarter                 string   The quarter that the theme is planned for.
--   level                   string   theme, goal or driver.
--   subject                 string   theme_id, goal or driver.
--   theme_name              string?  Name of the theme; of level theme alone.
--   goal                    string?  Its goal; of level theme alone.
--   driver                  string?  Its driver; of level theme alone.
--   item_count              bigint   Items on it at the as-of.
--   committed_count         bigint   Of these, committed by the quarter's end.
--   delivered_count         bigint   Of these, delivered by the quarter's end.
--   late_count              bigint   Delivered after it.
--   unpointed_count         bigint   Items without story points.
--   unvalued_count          bigint   Items without business value.
--   points                  double?  Story points of its items.
--   committed_points        double?  Of these, committed.
--   delivered_points        double?  Of these, delivered.
--   committed_points_share  double?  committed_points / points.
--   delivered_points_share  double?  delivered_points / points.
--   value                   double?  Business value of its items.
--   committed_value         double?  Of this, committed.
--   delivered_value         double?  Of this, delivered.
--   committed_value_share   double?  committed_value / value.
--   delivered_value_share   double?  delivered_value / value.
--   actual_hours            double?  Hours spent on it in the quarter.
--   committed_hours         double?  Of these, on items committed.
--   delivered_hours         double?  Of these, on items delivered.
--   committed_hours_share   double?  committed_hours / actual_hours.
--   delivered_hours_share   double?  delivered_hours / actual_hours.
--   actual_share            double?  Of all hours of the quarter.
--   target_share            double?  Planned share of them.
--   is_partial              boolean  The as-of cuts the quarter short.

-- coverage.md 1.1: committed and delivered share (points, hours, value) per
-- theme, goal and driver; theme_items says which items those are. Points and
-- value that no export states are unknown: they are in no sum and counted in
-- unpointed_count and unvalued_count. Hours are those of theme_capacity; a goal
-- or a driver has them where all of its themes have them. Themes without a goal
-- or driver stand under "(no goal)" and "(no driver)". Items on no theme are in
-- themeless_items.

with instant as (
    select as_of
    from params
),

spans as (
    select
        quarter,
        is_partial
    from quarter_spans
),

first_span as (
    select min(quarter) as quarter
    from quarter_spans
),

theme_rows as (
    select
        themes.theme_id,
        themes.name as theme_name,
        themes.quarter,
        themes.goal,
        themes.driver,
        coalesce(
            spans.is_partial, themes.quarter >= first_span.quarter
        ) as is_partial
    from themes
    cross join first_span
    left join spans
        on themes.quarter = spans.quarter
),

hours as (
    select
        quarter,
        theme_id,
        actual_hours,
        actual_share,
        target_share
    from theme_capacity
),

states as (
    select
        theme_id,
        seconds,
        story_points,
        business_value,
        is_delivered,
        is_late,
        is_committed
    from theme_items
),

counted_themes as (
    select
        theme_id,
        count(*) as item_count,
        count(*) filter (where is_committed) as committed_count,
        count(*) filter (where is_delivered) as delivered_count,
        count(*) filter (where is_late) as late_count,
        count(*) filter (where story_points is null) as unpointed_count,
        count(*) filter (where business_value is null) as unvalued_count,
        sum(story_points) as points,
        sum(case when is_committed then story_points end) as committed_points,
        sum(case when is_delivered then story_points end) as delivered_points,
        sum(business_value) as value_sum,
        sum(case when is_committed then business_value end) as committed_value,
        sum(case when is_delivered then business_value end) as delivered_value,
        sum(case when is_committed then seconds else 0 end)
            as committed_seconds,
        sum(case when is_delivered then seconds else 0 end)
            as delivered_seconds
    from states
    group by theme_id
),

measured_themes as (
    select
        theme_rows.quarter,
        theme_rows.theme_id,
        theme_rows.theme_name,
        theme_rows.goal,
        theme_rows.driver,
        theme_rows.is_partial,
        coalesce(counted_themes.item_count, 0) as item_count,
        coalesce(counted_themes.committed_count, 0) as committed_count,
        coalesce(counted_themes.delivered_count, 0) as delivered_count,
        coalesce(counted_themes.late_count, 0) as late_count,
        coalesce(counted_themes.unpointed_count, 0) as unpointed_count,
        coalesce(counted_themes.unvalued_count, 0) as unvalued_count,
        counted_themes.points,
        counted_themes.committed_points,
        counted_themes.delivered_points,
        counted_themes.value_sum,
        counted_themes.committed_value,
        counted_themes.delivered_value,
        coalesce(counted_themes.committed_seconds, 0) as committed_seconds,
        coalesce(counted_themes.delivered_seconds, 0) as delivered_seconds,
        hours.actual_hours,
        hours.actual_share,
        hours.target_share
    from theme_rows
    left join counted_themes
        on theme_rows.theme_id = counted_themes.theme_id
    left join hours
        on theme_rows.quarter = hours.quarter
        and theme_rows.theme_id = hours.theme_id
),

levels as (
    select listed_levels.level
    from instant
    cross join (
        values
        ('theme'),
        ('goal'),
        ('driver')
    ) as listed_levels (level)
),

levelled_themes as (
    select
        levels.level,
        case levels.level
            when 'theme' then measured_themes.theme_id
            when 'goal' then coalesce(measured_themes.goal, '(no goal)')
            else coalesce(measured_themes.driver, '(no driver)')
        end as subject,
        measured_themes.quarter,
        measured_themes.theme_name,
        measured_themes.goal,
        measured_themes.driver,
        measured_themes.is_partial,
        measured_themes.item_count,
        measured_themes.committed_count,
        measured_themes.delivered_count,
        measured_themes.late_count,
        measured_themes.unpointed_count,
        measured_themes.unvalued_count,
        measured_themes.points,
        measured_themes.committed_points,
        measured_themes.delivered_points,
        measured_themes.value_sum,
        measured_themes.committed_value,
        measured_themes.delivered_value,
        measured_themes.committed_seconds,
        measured_themes.delivered_seconds,
        measured_themes.actual_hours,
        measured_themes.actual_share,
        measured_themes.target_share
    from measured_themes
    cross join levels
),

summed_levels as (
    select
        quarter,
        level,
        subject,
        case when level = 'theme' then max(theme_name) end as theme_name,
        case when level = 'theme' then max(goal) end as goal,
        case when level = 'theme' then max(driver) end as driver,
        bool_or(is_partial) as is_partial,
        cast(sum(item_count) as bigint) as item_count,
        cast(sum(committed_count) as bigint) as committed_count,
        cast(sum(delivered_count) as bigint) as delivered_count,
        cast(sum(late_count) as bigint) as late_count,
        cast(sum(unpointed_count) as bigint) as unpointed_count,
        cast(sum(unvalued_count) as bigint) as unvalued_count,
        sum(points) as points,
        sum(committed_points) as committed_points,
        sum(delivered_points) as delivered_points,
        sum(value_sum) as value_sum,
        sum(committed_value) as committed_value,
        sum(delivered_value) as delivered_value,
        sum(committed_seconds) as committed_seconds,
        sum(delivered_seconds) as delivered_seconds,
        case
            when count(actual_hours) = count(*) then sum(actual_hours)
        end as actual_hours,
        case
            when count(actual_share) = count(*) then sum(actual_share)
        end as actual_share,
        case
            when count(target_share) = count(*) then sum(target_share)
        end as target_share
    from levelled_themes
    group by quarter, level, subject
),

filled_sums as (
    select
        quarter,
        level,
        subject,
        theme_name,
        goal,
        driver,
        is_partial,
        item_count,
        committed_count,
        delivered_count,
        late_count,
        unpointed_count,
        unvalued_count,
        points,
        value_sum,
        case when points is not null
            then coalesce(committed_points, 0e0)
        end as committed_points,
        case when points is not null
            then coalesce(delivered_points, 0e0)
        end as delivered_points,
        case when value_sum is not null
            then coalesce(committed_value, 0e0)
        end as committed_value,
        case when value_sum is not null
            then coalesce(delivered_value, 0e0)
        end as delivered_value,
        actual_hours,
        case when actual_hours is not null
            then committed_seconds / 3600e0
        end as committed_hours,
        case when actual_hours is not null
            then delivered_seconds / 3600e0
        end as delivered_hours,
        actual_share,
        target_share
    from summed_levels
)

select
    quarter,
    level,
    subject,
    theme_name,
    goal,
    driver,
    item_count,
    committed_count,
    delivered_count,
    late_count,
    unpointed_count,
    unvalued_count,
    points,
    committed_points,
    delivered_points,
    committed_points / nullif(points, 0e0) as committed_points_share,
    delivered_points / nullif(points, 0e0) as delivered_points_share,
    value_sum as value,
    committed_value,
    delivered_value,
    committed_value / nullif(value_sum, 0e0) as committed_value_share,
    delivered_value / nullif(value_sum, 0e0) as delivered_value_share,
    actual_hours,
    committed_hours,
    delivered_hours,
    committed_hours / nullif(actual_hours, 0e0) as committed_hours_share,
    delivered_hours / nullif(actual_hours, 0e0) as delivered_hours_share,
    actual_share,
    target_share,
    is_partial
from filled_sums
order by quarter, level, subject
