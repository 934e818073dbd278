-- name: swimlane_items
-- about: The items in work, as bars in the lane of their team.
-- grain: one row per item open, or delivered in the last six weeks
-- key: item_id
-- reads: params, aging, item_directory, deliveries, item_commitments,
--   starting_estimates, releases_as_of, dependency_spans
-- columns:
--   item_id        string      Tracker key.
--   title          string?     Title.
--   lane           string      Team, or "(no team)".
--   release_name   string?     Release it is planned for.
--   started_at     timestamp?  Commitment, else start of work.
--   ends_at        timestamp?  Where the bar ends; see end_basis.
--   end_basis      string      delivered; planned: its release's date; late:
--                              that date has passed, it ends with the as-of;
--                              undated: no date, it ends with the as-of.
--   planned_at     timestamp?  Planned date of its release.
--   is_open        boolean     Not done at the as-of.
--   needs_count    bigint      Open dependencies on other items.
--   needed_count   bigint      Open dependencies of other items on it.
--   outside_count  bigint      Open dependencies on what is no item.
--   exclusion      string?     not_started: no bar, for it has no start.
--   pick_position  bigint?     Which bars to draw first; null without a bar.
--   source_url     string?     The item in its tracker.

-- Where not all can be drawn, the items that a line joins come first, those of
-- the lines that swimlane_edges draws first before others, then what else has
-- open dependencies, then the late ones, then the open ones.

with instant as (
    select as_of
    from params
),

open_items as (
    select item_id
    from aging
),

item_rows as (
    select
        item_id,
        title,
        team,
        release_id,
        source_url
    from item_directory
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

commitments_made as (
    select
        item_id,
        committed_at
    from item_commitments
),

beginnings as (
    select
        item_id,
        began_at
    from starting_estimates
),

planned_releases as (
    select
        release_id,
        release_name,
        planned_at
    from releases_as_of
),

open_needs as (
    select
        item_id,
        depends_on,
        kind,
        waiting_days,
        is_overdue
    from dependency_spans
    where is_open and exclusion is null
),

needs_counts as (
    select
        item_id,
        count(*) filter (where kind = 'item') as needs_count,
        count(*) filter (where kind <> 'item') as outside_count
    from open_needs
    group by item_id
),

needed_counts as (
    select
        depends_on as item_id,
        count(*) as needed_count
    from open_needs
    where kind = 'item'
    group by depends_on
),

timed_items as (
    select
        item_rows.item_id,
        item_rows.title,
        coalesce(item_rows.team, '(no team)') as lane,
        planned_releases.release_name,
        coalesce(
            commitments_made.committed_at, beginnings.began_at
        ) as started_at,
        delivered_items.delivered_at,
        planned_releases.planned_at,
        open_items.item_id is not null as is_open,
        coalesce(needs_counts.needs_count, 0) as needs_count,
        coalesce(needed_counts.needed_count, 0) as needed_count,
        coalesce(needs_counts.outside_count, 0) as outside_count,
        item_rows.source_url,
        instant.as_of
    from item_rows
    cross join instant
    left join open_items
        on item_rows.item_id = open_items.item_id
    left join delivered_items
        on item_rows.item_id = delivered_items.item_id
    left join commitments_made
        on item_rows.item_id = commitments_made.item_id
    left join beginnings
        on item_rows.item_id = beginnings.item_id
    left join planned_releases
        on item_rows.release_id = planned_releases.release_id
    left join needs_counts
        on item_rows.item_id = needs_counts.item_id
    left join needed_counts
        on item_rows.item_id = needed_counts.item_id
    where
        open_items.item_id is not null
        or delivered_items.delivered_at > instant.as_of - interval '42' day
),

ended_items as (
    select
        item_id,
        title,
        lane,
        release_name,
        started_at,
        case
            when delivered_at is not null then 'delivered'
            when planned_at is null then 'undated'
            when planned_at <= as_of then 'late'
            else 'planned'
        end as end_basis,
        case
            when started_at is null then cast(null as timestamp)
            when delivered_at is not null
                then greatest(delivered_at, started_at)
            when planned_at > as_of then planned_at
            else as_of
        end as ends_at,
        planned_at,
        is_open,
        needs_count,
        needed_count,
        outside_count,
        case when started_at is null then 'not_started' end as exclusion,
        source_url
    from timed_items
),

-- The lines in the order of swimlane_edges.
ranked_edges as (
    select
        waiting.item_id,
        needed.item_id as needs_id,
        row_number() over (
            order by
                open_needs.is_overdue
                or coalesce(needed.planned_at > waiting.planned_at, false) desc,
                waiting.lane <> needed.lane desc,
                open_needs.waiting_days desc nulls last,
                waiting.item_id,
                needed.item_id
        ) as edge_place
    from open_needs
    inner join ended_items as waiting
        on open_needs.item_id = waiting.item_id
    inner join ended_items as needed
        on open_needs.depends_on = needed.item_id
    where
        open_needs.kind = 'item'
        and waiting.exclusion is null
        and needed.exclusion is null
        and needed.is_open
),

edge_ends as (
    select item_id, edge_place
    from ranked_edges
    union all
    select needs_id as item_id, edge_place
    from ranked_edges
),

first_edges as (
    select
        item_id,
        min(edge_place) as edge_place
    from edge_ends
    group by item_id
),

picked_items as (
    select
        ended_items.item_id,
        row_number() over (
            order by
                first_edges.edge_place asc nulls last,
                ended_items.needs_count + ended_items.needed_count > 0 desc,
                ended_items.outside_count > 0 desc,
                ended_items.end_basis = 'late' desc,
                ended_items.is_open desc,
                ended_items.ends_at desc,
                ended_items.item_id
        ) as pick_position
    from ended_items
    left join first_edges
        on ended_items.item_id = first_edges.item_id
    where ended_items.exclusion is null
)

select
    ended_items.item_id,
    ended_items.title,
    ended_items.lane,
    ended_items.release_name,
    ended_items.started_at,
    ended_items.ends_at,
    ended_items.end_basis,
    ended_items.planned_at,
    ended_items.is_open,
    ended_items.needs_count,
    ended_items.needed_count,
    ended_items.outside_count,
    ended_items.exclusion,
    picked_items.pick_position,
    ended_items.source_url
from ended_items
left join picked_items
    on ended_items.item_id = picked_items.item_id
order by item_id
