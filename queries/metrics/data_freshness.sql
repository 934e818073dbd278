-- name: data_freshness
-- about: How far the rows of each core table reach.
-- grain: one row per core table
-- key: table_name
-- reads: params, table_feeds, calendar, local_days, items, item_events,
--   releases, deployments, deployment_items, incidents, effort,
--   pipeline_runs
-- columns:
--   table_name  string      Table of the contract.
--   is_fed      boolean     Some source feeds it.
--   row_count   bigint      Rows in the lake.
--   last_at     timestamp?  Latest instant of its rows up to the as-of.
--   last_date   date?       The local day of that instant.

-- A table that stops early is the first thing that a reader must know: what
-- came after its last row is unknown, not zero. Of each row, the latest of its
-- instants that had come by the as-of counts: an item that was resolved today
-- is news of today. Plans (releases) lie ahead, and links (deployment_items)
-- carry no instant: neither can be late. Effort is dated by day.

with instant as (
    select as_of
    from params
),

feeds as (
    select
        table_name,
        is_fed
    from table_feeds
),

days as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

calendar_days as (
    select
        day,
        start_at
    from calendar
),

row_times as (
    select
        'items' as table_name,
        created_at as first_at,
        updated_at as second_at,
        resolved_at as third_at
    from items
    union all
    select
        'item_events' as table_name,
        changed_at as first_at,
        cast(null as timestamp) as second_at,
        cast(null as timestamp) as third_at
    from item_events
    union all
    select
        'releases' as table_name,
        cast(null as timestamp) as first_at,
        cast(null as timestamp) as second_at,
        cast(null as timestamp) as third_at
    from releases
    union all
    select
        'deployments' as table_name,
        started_at as first_at,
        finished_at as second_at,
        cast(null as timestamp) as third_at
    from deployments
    union all
    select
        'deployment_items' as table_name,
        cast(null as timestamp) as first_at,
        cast(null as timestamp) as second_at,
        cast(null as timestamp) as third_at
    from deployment_items
    union all
    select
        'incidents' as table_name,
        opened_at as first_at,
        detected_at as second_at,
        resolved_at as third_at
    from incidents
    union all
    select
        'effort' as table_name,
        case
            when calendar_days.start_at < instant.as_of
                then calendar_days.start_at
        end as first_at,
        cast(null as timestamp) as second_at,
        cast(null as timestamp) as third_at
    from effort
    cross join instant
    left join calendar_days
        on effort.worked_on = calendar_days.day
    union all
    select
        'pipeline_runs' as table_name,
        queued_at as first_at,
        started_at as second_at,
        finished_at as third_at
    from pipeline_runs
),

row_ends as (
    select
        row_times.table_name,
        count(*) as row_count,
        greatest(
            max(row_times.first_at) filter (
                where row_times.first_at <= instant.as_of
            ),
            max(row_times.second_at) filter (
                where row_times.second_at <= instant.as_of
            ),
            max(row_times.third_at) filter (
                where row_times.third_at <= instant.as_of
            )
        ) as last_at
    from row_times
    cross join instant
    group by row_times.table_name
),

core_tables as (
    select
        feeds.table_name,
        feeds.is_fed,
        coalesce(row_ends.row_count, 0) as row_count,
        row_ends.last_at,
        days.day as last_date
    from feeds
    left join row_ends
        on feeds.table_name = row_ends.table_name
    left join days
        on cast(row_ends.last_at as date) = days.utc_date
        and row_ends.last_at >= days.start_at
        and row_ends.last_at < days.end_at
    where
        feeds.table_name in (
            'items', 'item_events', 'releases', 'deployments',
            'deployment_items', 'incidents', 'effort', 'pipeline_runs'
        )
)

select
    table_name,
    is_fed,
    row_count,
    last_at,
    last_date
from core_tables
order by table_name
