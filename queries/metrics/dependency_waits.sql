-- name: dependency_waits
-- about: Who waits on whom: open dependencies, days lost, and the oldest.
-- grain: one row per waiting team and upstream
-- key: waiting_team, upstream_kind, upstream
-- reads: params, report_weeks, dependency_spans
-- columns:
--   waiting_team      string   Team of the items that wait.
--   upstream_kind     string   team, service, data_platform or vendor.
--   upstream          string   Whom they wait on.
--   dependency_count  bigint   Dependencies in the report weeks, or open.
--   open_count        bigint   Of these, open at the as-of.
--   overdue_count     bigint   Of the open, needed before the as-of.
--   undated_count     bigint   Nobody knows since when: in no days.
--   blocked_days      double   Item-days of waiting since the first week.
--   oldest_days       double?  Age of the oldest open one.
--   oldest_item_id    string?  The item that has waited longest.
--   oldest_upstream   string?  What that item waits for.

-- An item that waits for two things of one upstream at once loses a day a day:
-- its spans are merged before they are added up. Days are cut to the time from
-- the first report week to the as-of.

with instant as (
    select as_of
    from params
),

first_week as (
    select min(start_at) as start_at
    from report_weeks
),

spans as (
    select
        item_id,
        depends_on,
        waiting_team,
        upstream_kind,
        upstream,
        raised_at,
        ended_at,
        waiting_days,
        is_open,
        is_overdue
    from dependency_spans
    where exclusion is null
),

clipped_spans as (
    select
        spans.item_id,
        spans.waiting_team,
        spans.upstream_kind,
        spans.upstream,
        greatest(spans.raised_at, first_week.start_at) as started_at,
        coalesce(spans.ended_at, instant.as_of) as ended_at
    from spans
    cross join instant
    cross join first_week
    where spans.raised_at is not null
),

-- What of a span no earlier one of the same item and upstream has covered.
ordered_spans as (
    select
        item_id,
        waiting_team,
        upstream_kind,
        upstream,
        started_at,
        ended_at,
        max(ended_at) over (
            partition by item_id, waiting_team, upstream_kind, upstream
            order by started_at, ended_at
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from clipped_spans
    where ended_at > started_at
),

edge_days as (
    select
        waiting_team,
        upstream_kind,
        upstream,
        sum(
            greatest(
                seconds_between(
                    greatest(started_at, coalesce(covered_until, started_at)),
                    ended_at
                ),
                0e0
            )
        ) / 86400e0 as blocked_days
    from ordered_spans
    group by waiting_team, upstream_kind, upstream
),

oldest_spans as (
    select
        waiting_team,
        upstream_kind,
        upstream,
        item_id,
        depends_on,
        waiting_days
    from spans
    where is_open and waiting_days is not null
    qualify row_number() over (
        partition by waiting_team, upstream_kind, upstream
        order by waiting_days desc, item_id, depends_on
    ) = 1
),

edge_counts as (
    select
        waiting_team,
        upstream_kind,
        upstream,
        count(*) as dependency_count,
        count(*) filter (where is_open) as open_count,
        count(*) filter (where is_overdue) as overdue_count,
        count(*) filter (where raised_at is null) as undated_count
    from spans
    group by waiting_team, upstream_kind, upstream
),

edges as (
    select
        edge_counts.waiting_team,
        edge_counts.upstream_kind,
        edge_counts.upstream,
        edge_counts.dependency_count,
        edge_counts.open_count,
        edge_counts.overdue_count,
        edge_counts.undated_count,
        coalesce(edge_days.blocked_days, 0e0) as blocked_days,
        oldest_spans.waiting_days as oldest_days,
        oldest_spans.item_id as oldest_item_id,
        oldest_spans.depends_on as oldest_upstream
    from edge_counts
    left join edge_days
        on edge_counts.waiting_team = edge_days.waiting_team
        and edge_counts.upstream_kind = edge_days.upstream_kind
        and edge_counts.upstream = edge_days.upstream
    left join oldest_spans
        on edge_counts.waiting_team = oldest_spans.waiting_team
        and edge_counts.upstream_kind = oldest_spans.upstream_kind
        and edge_counts.upstream = oldest_spans.upstream
)

select
    waiting_team,
    upstream_kind,
    upstream,
    dependency_count,
    open_count,
    overdue_count,
    undated_count,
    blocked_days,
    oldest_days,
    oldest_item_id,
    oldest_upstream
from edges
order by waiting_team, upstream_kind, upstream
