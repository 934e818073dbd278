-- name: theme_items
-- about: The items of each theme, and what became of them by its quarter's end.
-- grain: one row per theme and item that names it
-- key: theme_id, item_id
-- reads: params, quarter_spans, items_as_of, item_values, item_commitments,
--   deliveries, quarterly_effort, themes
-- columns:
--   theme_id        string      Theme.
--   item_id         string      Tracker key.
--   quarter         string      The quarter that the theme is planned for.
--   goal            string      Its goal, or "(no goal)".
--   driver          string      Its driver, or "(no driver)".
--   title           string?     Title of the item.
--   team            string?     Team.
--   source_url      string?     The item in its tracker.
--   story_points    double?     Story points.
--   business_value  double?     Worth, on the project's scale.
--   seconds         bigint      Time spent on it in the quarter.
--   is_committed    boolean     Committed to by the quarter's end.
--   is_delivered    boolean     Delivered by then.
--   is_late         boolean     Delivered after it.
--   delivered_at    timestamp?  Delivery.

-- coverage.md 1.1, see theme_progress. A theme has the items that name it at
-- the as-of, and the one quarter that it is planned for. What was delivered by
-- the end of the quarter was committed too, with or without a move that says
-- so. A quarter that the calendar does not reach yet lies ahead; one before it
-- had nothing done by its end.

with instant as (
    select as_of
    from params
),

spans as (
    select
        quarter,
        end_at
    from quarter_spans
),

first_span as (
    select
        min(quarter) as quarter,
        min(start_at) as start_at
    from quarter_spans
),

theme_rows as (
    select
        themes.theme_id,
        themes.quarter,
        coalesce(themes.goal, '(no goal)') as goal,
        coalesce(themes.driver, '(no driver)') as driver,
        coalesce(
            spans.end_at,
            case
                when themes.quarter < first_span.quarter
                    then first_span.start_at
                else instant.as_of
            end
        ) as end_at
    from themes
    cross join instant
    cross join first_span
    left join spans
        on themes.quarter = spans.quarter
),

item_rows as (
    select
        item_id,
        title,
        team,
        theme_id,
        source_url
    from items_as_of
),

sizes as (
    select
        item_id,
        story_points,
        business_value
    from item_values
),

commitments as (
    select
        item_id,
        committed_at
    from item_commitments
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

spent as (
    select
        quarter,
        item_id,
        sum(seconds) as seconds
    from quarterly_effort
    group by quarter, item_id
),

states as (
    select
        theme_rows.theme_id,
        item_rows.item_id,
        theme_rows.quarter,
        theme_rows.goal,
        theme_rows.driver,
        item_rows.title,
        item_rows.team,
        item_rows.source_url,
        sizes.story_points,
        sizes.business_value,
        cast(coalesce(spent.seconds, 0) as bigint) as seconds,
        coalesce(commitments.committed_at < theme_rows.end_at, false)
        or coalesce(delivered_items.delivered_at < theme_rows.end_at, false)
            as is_committed,
        coalesce(delivered_items.delivered_at < theme_rows.end_at, false)
            as is_delivered,
        coalesce(delivered_items.delivered_at >= theme_rows.end_at, false)
            as is_late,
        delivered_items.delivered_at
    from theme_rows
    inner join item_rows
        on theme_rows.theme_id = item_rows.theme_id
    inner join sizes
        on item_rows.item_id = sizes.item_id
    left join commitments
        on item_rows.item_id = commitments.item_id
    left join delivered_items
        on item_rows.item_id = delivered_items.item_id
    left join spent
        on theme_rows.quarter = spent.quarter
        and item_rows.item_id = spent.item_id
)

select
    theme_id,
    item_id,
    quarter,
    goal,
    driver,
    title,
    team,
    source_url,
    story_points,
    business_value,
    seconds,
    is_committed,
    is_delivered,
    is_late,
    delivered_at
from states
order by theme_id, item_id
