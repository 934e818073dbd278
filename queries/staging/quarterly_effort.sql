-- name: quarterly_effort
-- about: Time spent on each item in each quarter, by team.
-- grain: one row per quarter, item and team
-- key: quarter, item_id, team
-- reads: params, calendar, items_as_of, effort
-- columns:
--   quarter              string   2026-Q2, or undated.
--   item_id              string   Tracker key, as the timesheet has it.
--   team                 string   Team; see below.
--   item_type            string?  feature, defect, ...; null where unknown.
--   theme_id             string?  Theme at the as-of.
--   investment_category  string?  Portfolio category.
--   is_known_item        boolean  Some export holds the item.
--   seconds              bigint   Time spent, in whole seconds.

-- Hours count for the quarter they were worked in, up to the as-of. The team is
-- the one that the timesheet names, else that of the item, else "(no team)".
-- Hours without a day are undated; days that the calendar does not have are in
-- no quarter.

with instant as (
    select as_of
    from params
),

days as (
    select
        day,
        quarter,
        start_at
    from calendar
),

item_rows as (
    select
        item_id,
        item_type,
        team,
        theme_id,
        investment_category
    from items_as_of
),

effort_rows as (
    select
        item_id,
        team,
        worked_on,
        cast(round(hours * 3600e0) as bigint) as seconds
    from effort
),

last_day as (
    select max(days.day) as day
    from days
    inner join instant
        on days.start_at < instant.as_of
),

spent as (
    select
        case
            when effort_rows.worked_on is null then 'undated'
            else days.quarter
        end as quarter,
        effort_rows.item_id,
        coalesce(effort_rows.team, item_rows.team, '(no team)') as team,
        item_rows.item_type,
        item_rows.theme_id,
        item_rows.investment_category,
        item_rows.item_id is not null as is_known_item,
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
)

select
    quarter,
    item_id,
    team,
    item_type,
    theme_id,
    investment_category,
    is_known_item,
    cast(sum(seconds) as bigint) as seconds
from spent
where quarter is not null
group by
    quarter, item_id, team, item_type, theme_id, investment_category,
    is_known_item
order by quarter, item_id, team
