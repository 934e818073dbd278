-- name: planned_too_early
-- about: Open items planned before the release of an item that they need.
-- grain: one row per open item and item that it needs
-- key: item_id, needs_id
-- reads: precedence_edges, aging, releases_as_of
-- columns:
--   item_id             string      The item that needs another.
--   needs_id            string      The item that it needs.
--   finding             string      planned_before: its release comes first;
--                                   undated: the other has no planned date.
--   title               string?     Title of the item.
--   team                string?     Its team.
--   release_id          string?     Its release.
--   release_name        string?     Name of that release.
--   planned_at          timestamp   Planned date of that release.
--   needs_title         string?     Title of what it needs.
--   needs_team          string?     Team of that.
--   needs_release_id    string?     Release of that.
--   needs_release_name  string?     Name of that release.
--   needs_planned_at    timestamp?  Planned date of that release.
--   early_days          double?     How much too early it is planned.
--   source_url          string?     The item in its tracker.
--   needs_source_url    string?     What it needs, in its tracker.

-- An item without a planned date promises nothing and is not listed.

with open_items as (
    select
        item_id,
        title,
        team,
        release_id,
        release_name,
        source_url
    from aging
),

planned_releases as (
    select
        release_id,
        planned_at
    from releases_as_of
    where status is distinct from 'cancelled'
),

planned_items as (
    select
        open_items.item_id,
        open_items.title,
        open_items.team,
        open_items.release_id,
        open_items.release_name,
        open_items.source_url,
        planned_releases.planned_at
    from open_items
    left join planned_releases
        on open_items.release_id = planned_releases.release_id
),

needs as (
    select
        item_id,
        needs_id
    from precedence_edges
    where needs_kind = 'item'
)

select
    needs.item_id,
    needs.needs_id,
    case
        when needed_items.planned_at is null then 'undated'
        else 'planned_before'
    end as finding,
    planned_items.title,
    planned_items.team,
    planned_items.release_id,
    planned_items.release_name,
    planned_items.planned_at,
    needed_items.title as needs_title,
    needed_items.team as needs_team,
    needed_items.release_id as needs_release_id,
    needed_items.release_name as needs_release_name,
    needed_items.planned_at as needs_planned_at,
    seconds_between(
        planned_items.planned_at, needed_items.planned_at
    ) / 86400e0 as early_days,
    planned_items.source_url,
    needed_items.source_url as needs_source_url
from needs
inner join planned_items
    on needs.item_id = planned_items.item_id
inner join planned_items as needed_items
    on needs.needs_id = needed_items.item_id
where
    planned_items.planned_at is not null
    and (
        needed_items.planned_at is null
        or needed_items.planned_at > planned_items.planned_at
    )
order by item_id, needs_id
