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

-- Where not all can be drawn, those with open dependencies come first, then
-- the late ones, then the open ones.

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
        kind
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
)

select
    item_id,
    title,
    lane,
    release_name,
    started_at,
    ends_at,
    end_basis,
    planned_at,
    is_open,
    needs_count,
    needed_count,
    outside_count,
    exclusion,
    case
        when exclusion is null
            then row_number() over (
                order by
                    exclusion is null desc,
                    needs_count + needed_count > 0 desc,
                    outside_count > 0 desc,
                    end_basis = 'late' desc,
                    is_open desc,
                    ends_at desc nulls last,
                    item_id
            )
    end as pick_position,
    source_url
from ended_items
order by item_id
