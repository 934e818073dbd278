-- name: data_freshness
-- about: How far the rows of each core table reach.
-- grain: one row per core table
-- key: table_name
-- reads: params, table_feeds, items, item_events, releases, deployments,
--   deployment_items, incidents, effort, pipeline_runs
-- columns:
--   table_name  string      Table of the contract.
--   is_fed      boolean     Some source feeds it.
--   row_count   bigint      Rows in the lake.
--   last_at     timestamp?  Latest instant of its rows up to the as-of.

-- A table that stops early is the first thing that a reader must know: what
-- came after its last row is unknown, not zero. Plans (releases) lie ahead,
-- and links (deployment_items) carry no instant: neither can be late.

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

row_times as (
    select
        'items' as table_name,
        coalesce(updated_at, created_at) as at
    from items
    union all
    select
        'item_events' as table_name,
        changed_at as at
    from item_events
    union all
    select
        'releases' as table_name,
        cast(null as timestamp) as at
    from releases
    union all
    select
        'deployments' as table_name,
        finished_at as at
    from deployments
    union all
    select
        'deployment_items' as table_name,
        cast(null as timestamp) as at
    from deployment_items
    union all
    select
        'incidents' as table_name,
        opened_at as at
    from incidents
    union all
    select
        'effort' as table_name,
        cast(worked_on as timestamp) as at
    from effort
    union all
    select
        'pipeline_runs' as table_name,
        started_at as at
    from pipeline_runs
),

row_ends as (
    select
        row_times.table_name,
        count(*) as row_count,
        max(row_times.at) filter (
            where row_times.at <= instant.as_of
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
        row_ends.last_at
    from feeds
    left join row_ends using (table_name)
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
    last_at
from core_tables
order by table_name
