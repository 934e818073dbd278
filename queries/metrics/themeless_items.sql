-- name: themeless_items
-- about: Items on no theme that are open or took work in the report quarters.
-- grain: one row per such item
-- key: item_id
-- reads: report_periods, items_as_of, themes, aging, deliveries,
--   quarterly_effort
-- columns:
--   item_id       string      Tracker key.
--   title         string?     Title.
--   team          string?     Team.
--   item_type     string?     feature, defect, hotfix, ...
--   theme_id      string?     The theme it names, which no export has.
--   reason        string      no_theme or unknown_theme.
--   is_open       boolean     Open at the as-of.
--   delivered_at  timestamp?  Delivery.
--   hours         double?     Hours spent; null where none are known.
--   source_url    string?     The item in its tracker.

-- coverage.md 1.1: items on no theme, named. Of closed items, those delivered
-- since the first report quarter began, or on which hours were spent since.

with first_quarter as (
    select
        min(start_at) as start_at,
        min(period) as quarter
    from report_periods
    where period_kind = 'quarter'
),

item_rows as (
    select
        item_id,
        title,
        team,
        item_type,
        theme_id,
        source_url
    from items_as_of
),

known_themes as (
    select distinct theme_id
    from themes
),

open_items as (
    select item_id
    from aging
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

spent as (
    select
        quarterly_effort.item_id,
        cast(sum(quarterly_effort.seconds) as bigint) as seconds,
        bool_or(
            quarterly_effort.quarter <> 'undated'
            and quarterly_effort.quarter >= first_quarter.quarter
        ) as is_recent
    from quarterly_effort
    cross join first_quarter
    group by quarterly_effort.item_id
),

listed as (
    select
        item_rows.item_id,
        item_rows.title,
        item_rows.team,
        item_rows.item_type,
        item_rows.theme_id,
        case
            when item_rows.theme_id is null then 'no_theme'
            else 'unknown_theme'
        end as reason,
        open_items.item_id is not null as is_open,
        delivered_items.delivered_at,
        spent.seconds / 3600e0 as hours,
        item_rows.source_url
    from item_rows
    cross join first_quarter
    left join known_themes
        on item_rows.theme_id = known_themes.theme_id
    left join open_items
        on item_rows.item_id = open_items.item_id
    left join delivered_items
        on item_rows.item_id = delivered_items.item_id
    left join spent
        on item_rows.item_id = spent.item_id
    where
        known_themes.theme_id is null
        and (
            open_items.item_id is not null
            or coalesce(spent.is_recent, false)
            or coalesce(
                delivered_items.delivered_at >= first_quarter.start_at, false
            )
        )
)

select
    item_id,
    title,
    team,
    item_type,
    theme_id,
    reason,
    is_open,
    delivered_at,
    hours,
    source_url
from listed
order by item_id
