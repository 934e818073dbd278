-- name: theme_capacity
-- about: Hours spent on each theme in each quarter, against its target share.
-- grain: one row per quarter and theme
-- key: quarter, theme_id
-- reads: params, table_feeds, calendar, items_as_of, effort, themes
-- columns:
--   quarter         string   2026-Q2, or undated.
--   theme_id        string   Theme; (no theme), (unknown item); see below.
--   theme_name      string?  Its name, where the themes' export has it.
--   driver          string?  revenue, compliance, stability, ...
--   target_quarter  string?  The quarter that the theme was planned for.
--   target_share    double?  Planned share of that quarter's capacity.
--   actual_hours    double?  Hours spent; null where effort is unknown.
--   actual_share    double?  Of all hours of the quarter.
--   item_count      bigint   Items on which they were spent.
--   is_partial      boolean  The as-of cuts the quarter short.

-- Hours count for the quarter they were worked in and for the theme that their
-- item has at the as-of. Nothing is dropped:
-- (no theme)      items that name no theme.
-- (unknown item)  hours on items that no export holds.
-- undated         the quarter of hours without a day.
-- A theme planned for another quarter has no target in this one. A quarter
-- before the first or after the last day of effort is unknown, not 0. Hours
-- are summed in whole seconds.

with instant as (
    select as_of
    from params
),

feeds as (
    select count(*) as feed_count
    from table_feeds
    where table_name = 'effort' and is_fed
),

days as (
    select
        day,
        quarter,
        start_at,
        end_at
    from calendar
),

item_rows as (
    select
        item_id,
        theme_id
    from items_as_of
),

effort_rows as (
    select
        item_id,
        worked_on,
        cast(round(hours * 3600e0) as bigint) as seconds
    from effort
),

theme_rows as (
    select
        theme_id,
        name as theme_name,
        quarter,
        driver,
        target_share
    from themes
),

last_day as (
    select max(days.day) as day
    from days
    inner join instant
        on days.start_at < instant.as_of
),

quarter_ends as (
    select
        days.quarter,
        max(days.end_at) > max(instant.as_of) as is_partial
    from days
    cross join instant
    group by days.quarter
),

spent as (
    select
        case
            when effort_rows.worked_on is null then 'undated'
            else days.quarter
        end as quarter,
        case
            when item_rows.item_id is null then '(unknown item)'
            else coalesce(item_rows.theme_id, '(no theme)')
        end as theme_id,
        effort_rows.item_id,
        effort_rows.seconds
    from effort_rows
    cross join last_day
    left join days
        on effort_rows.worked_on = days.day
    left join item_rows
        on effort_rows.item_id = item_rows.item_id
    where
        effort_rows.worked_on is null
        or effort_rows.worked_on <= last_day.day
),

reach as (
    select
        min(quarter) filter (where quarter <> 'undated') as first_quarter,
        max(quarter) filter (where quarter <> 'undated') as last_quarter
    from spent
),

spent_by_theme as (
    select
        quarter,
        theme_id,
        cast(sum(seconds) as bigint) as seconds,
        count(distinct item_id) as item_count
    from spent
    where quarter is not null
    group by quarter, theme_id
),

spent_by_quarter as (
    select
        quarter,
        cast(sum(seconds) as bigint) as seconds
    from spent_by_theme
    group by quarter
),

grid as (
    select quarter, theme_id
    from spent_by_theme
    union
    select quarter, theme_id
    from theme_rows
),

filled_grid as (
    select
        grid.quarter,
        grid.theme_id,
        theme_rows.theme_name,
        theme_rows.driver,
        theme_rows.quarter as target_quarter,
        case
            when theme_rows.quarter = grid.quarter then theme_rows.target_share
        end as target_share,
        case
            when spent_by_theme.seconds is not null
                then spent_by_theme.seconds
            when
                feeds.feed_count > 0
                and grid.quarter >= reach.first_quarter
                and grid.quarter <= reach.last_quarter
                then 0
        end as seconds,
        spent_by_quarter.seconds as all_seconds,
        coalesce(spent_by_theme.item_count, 0) as item_count,
        case
            when grid.quarter = 'undated' then false
            else coalesce(
                quarter_ends.is_partial,
                grid.quarter > reach.last_quarter,
                false
            )
        end as is_partial
    from grid
    cross join feeds
    cross join reach
    left join theme_rows
        on grid.theme_id = theme_rows.theme_id
    left join spent_by_theme
        on grid.quarter = spent_by_theme.quarter
        and grid.theme_id = spent_by_theme.theme_id
    left join spent_by_quarter
        on grid.quarter = spent_by_quarter.quarter
    left join quarter_ends
        on grid.quarter = quarter_ends.quarter
),

shared_capacity as (
    select
        quarter,
        theme_id,
        theme_name,
        driver,
        target_quarter,
        target_share,
        seconds / 3600e0 as actual_hours,
        1e0 * seconds / nullif(all_seconds, 0) as actual_share,
        item_count,
        is_partial
    from filled_grid
)

select
    quarter,
    theme_id,
    theme_name,
    driver,
    target_quarter,
    target_share,
    actual_hours,
    actual_share,
    item_count,
    is_partial
from shared_capacity
order by quarter, theme_id
