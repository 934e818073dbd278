-- name: delivery_sequence
-- about: An order of the open items: none before what it needs, value first.
-- grain: one row per open item
-- key: item_id
-- reads: precedence_items, precedence_edges, item_precedence, aging,
--   releases_as_of
-- columns:
--   item_id           string      Tracker key.
--   position          bigint      Its place in the order: 1 is first.
--   title             string?     Title.
--   team              string?     Team.
--   release_id        string?     Release it is planned for.
--   release_name      string?     Name of that release.
--   planned_at        timestamp?  Planned date of that release.
--   value             double?     Business value, as exported.
--   value_position    bigint      1 for the item worth most; see
--                                 precedence_items.
--   lifted_by         string?     The item worth more that waits for it and
--                                 gives it its place; null where its own worth
--                                 does.
--   wave              bigint      1 where it needs no open item; else one more
--                                 than the highest wave of what it needs.
--   in_cycle          boolean     It waits for itself, by way of others.
--   knot              bigint?     Which knot of cycles it is in.
--   blocked_by_count  bigint      Open items that it needs.
--   outside_count     bigint      Services, platforms, vendors and unknown
--                                 items that it needs.
--   blocks_count      bigint      Open items that need it.
--   behind_count      bigint      Open items that need it, directly or by way
--                                 of others.
--   source_url        string?     The item in its tracker.

-- item_precedence is made by the program between the queries, since an order
-- takes iteration: of what is free to start, the next is what is worth most
-- itself or holds up what is. Items of one knot (each waits for each) have no
-- order: they stand together where the first of them may, by their worth.

with valued_items as (
    select
        item_id,
        business_value,
        value_position
    from precedence_items
),

placed_items as (
    select
        node_id as item_id,
        position,
        wave,
        knot,
        lifted_by,
        behind_count
    from item_precedence
    where node_kind = 'item'
),

item_rows as (
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
),

need_counts as (
    select
        item_id,
        count(*) filter (where needs_kind = 'item') as blocked_by_count,
        count(*) filter (where needs_kind <> 'item') as outside_count
    from precedence_edges
    group by item_id
),

blocks_counts as (
    select
        needs_id as item_id,
        count(*) as blocks_count
    from precedence_edges
    where needs_kind = 'item'
    group by needs_id
)

select
    valued_items.item_id,
    placed_items.position,
    item_rows.title,
    item_rows.team,
    item_rows.release_id,
    item_rows.release_name,
    planned_releases.planned_at,
    valued_items.business_value as value,
    valued_items.value_position,
    placed_items.lifted_by,
    placed_items.wave,
    placed_items.knot is not null as in_cycle,
    placed_items.knot,
    coalesce(need_counts.blocked_by_count, 0) as blocked_by_count,
    coalesce(need_counts.outside_count, 0) as outside_count,
    coalesce(blocks_counts.blocks_count, 0) as blocks_count,
    placed_items.behind_count,
    item_rows.source_url
from valued_items
inner join item_rows
    on valued_items.item_id = item_rows.item_id
left join placed_items
    on valued_items.item_id = placed_items.item_id
left join planned_releases
    on item_rows.release_id = planned_releases.release_id
left join need_counts
    on valued_items.item_id = need_counts.item_id
left join blocks_counts
    on valued_items.item_id = blocks_counts.item_id
order by item_id
