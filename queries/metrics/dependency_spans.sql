-- name: dependency_spans
-- about: Each dependency: who waits on whom, since when and until when.
-- grain: one row per dependency raised by the as-of
-- key: item_id, depends_on
-- reads: params, report_weeks, dependencies, items_as_of, releases_as_of,
--   aging, deliveries, closed_items
-- columns:
--   item_id        string      The item that waits.
--   depends_on     string      What it waits for: an item, or a name.
--   kind           string      item, service, data_platform or vendor.
--   title          string?     Title of the item that waits.
--   waiting_team   string      Its team, or "(no team)".
--   release_id     string?     Its release.
--   release_name   string?     Name of that release.
--   upstream_kind  string      team, service, data_platform or vendor.
--   upstream       string      Team, service, platform or vendor.
--   raised_at      timestamp?  When it was raised.
--   needed_at      timestamp?  When it is needed.
--   ended_at       timestamp?  When the waiting ended; null while open.
--   waiting_days   double?     Raised to ended, or to the as-of while open.
--   is_open        boolean     Unresolved, and the item is open.
--   is_overdue     boolean     Open, and needed before the as-of.
--   source_url     string?     The waiting item in its tracker.
--   exclusion      string?     Why it is in no sum; see below.

-- contract.md: a dependency names an item, or a service, data platform or
-- vendor, and perhaps the team behind it. The upstream is that team; for an
-- item without one, the team of the item. Waiting ends with the dependency or
-- with the item that waits: what is delivered or closed waits for nobody.
-- exclusion  unknown_item  no export has the item that waits.
--            end_unknown   the item is closed, and nothing says since when.
--            ended_before  the waiting ended before the report weeks.

with instant as (
    select as_of
    from params
),

first_week as (
    select min(start_at) as start_at
    from report_weeks
),

item_rows as (
    select
        item_id,
        title,
        team,
        release_id,
        source_url
    from items_as_of
),

release_rows as (
    select
        release_id,
        release_name
    from releases_as_of
),

open_items as (
    select item_id
    from aging
),

raised_dependencies as (
    select
        dependencies.item_id,
        dependencies.depends_on,
        dependencies.kind,
        dependencies.upstream_team,
        dependencies.raised_at,
        dependencies.needed_at,
        case
            when dependencies.resolved_at <= instant.as_of
                then dependencies.resolved_at
        end as resolved_at
    from dependencies
    cross join instant
    where
        dependencies.raised_at is null
        or dependencies.raised_at <= instant.as_of
),

placed_dependencies as (
    select
        raised_dependencies.item_id,
        raised_dependencies.depends_on,
        raised_dependencies.kind,
        item_rows.title,
        coalesce(item_rows.team, '(no team)') as waiting_team,
        item_rows.release_id,
        release_rows.release_name,
        case
            when raised_dependencies.kind = 'item'
                or raised_dependencies.upstream_team is not null
                then 'team'
            else raised_dependencies.kind
        end as upstream_kind,
        case
            when raised_dependencies.upstream_team is not null
                then raised_dependencies.upstream_team
            when raised_dependencies.kind = 'item'
                then coalesce(upstream_rows.team, '(no team)')
            else raised_dependencies.depends_on
        end as upstream,
        raised_dependencies.raised_at,
        raised_dependencies.needed_at,
        case
            when open_items.item_id is not null
                or item_rows.item_id is null
                then raised_dependencies.resolved_at
            else least(
                coalesce(
                    raised_dependencies.resolved_at,
                    deliveries.delivered_at,
                    closed_items.closed_at
                ),
                coalesce(
                    deliveries.delivered_at,
                    closed_items.closed_at,
                    raised_dependencies.resolved_at
                )
            )
        end as ended_at,
        open_items.item_id is not null as is_item_open,
        item_rows.item_id is not null as is_item_known,
        item_rows.source_url
    from raised_dependencies
    left join item_rows
        on raised_dependencies.item_id = item_rows.item_id
    left join item_rows as upstream_rows
        on raised_dependencies.depends_on = upstream_rows.item_id
    left join release_rows
        on item_rows.release_id = release_rows.release_id
    left join open_items
        on raised_dependencies.item_id = open_items.item_id
    left join deliveries
        on raised_dependencies.item_id = deliveries.item_id
    left join closed_items
        on raised_dependencies.item_id = closed_items.item_id
),

timed_dependencies as (
    select
        placed_dependencies.item_id,
        placed_dependencies.depends_on,
        placed_dependencies.kind,
        placed_dependencies.title,
        placed_dependencies.waiting_team,
        placed_dependencies.release_id,
        placed_dependencies.release_name,
        placed_dependencies.upstream_kind,
        placed_dependencies.upstream,
        placed_dependencies.raised_at,
        placed_dependencies.needed_at,
        placed_dependencies.ended_at,
        case
            when placed_dependencies.raised_at is not null
                and (
                    placed_dependencies.is_item_open
                    or placed_dependencies.ended_at is not null
                )
                then greatest(
                    seconds_between(
                        placed_dependencies.raised_at,
                        coalesce(placed_dependencies.ended_at, instant.as_of)
                    ),
                    0e0
                ) / 86400e0
        end as waiting_days,
        placed_dependencies.is_item_open
        and placed_dependencies.ended_at is null as is_open,
        coalesce(
            placed_dependencies.is_item_open
            and placed_dependencies.ended_at is null
            and placed_dependencies.needed_at < instant.as_of,
            false
        ) as is_overdue,
        placed_dependencies.source_url,
        case
            when not placed_dependencies.is_item_known then 'unknown_item'
            when not placed_dependencies.is_item_open
                and placed_dependencies.ended_at is null
                then 'end_unknown'
            when placed_dependencies.ended_at <= first_week.start_at
                then 'ended_before'
        end as exclusion
    from placed_dependencies
    cross join instant
    cross join first_week
)

select
    item_id,
    depends_on,
    kind,
    title,
    waiting_team,
    release_id,
    release_name,
    upstream_kind,
    upstream,
    raised_at,
    needed_at,
    ended_at,
    waiting_days,
    is_open,
    is_overdue,
    source_url,
    exclusion
from timed_dependencies
order by item_id, depends_on
