-- name: feed_periods
-- about: The weeks and quarters in which a count can be known.
-- grain: one row per counted measure and period in which it can be known
-- key: measure, period_kind, period
-- reads: local_days, report_periods, items_as_of, item_commitments,
--   deliveries, delivery_basis, deployments_as_of, data_freshness
-- columns:
--   measure      string  items_delivered, deployment_count, deployment_days.
--   period_kind  string  week or quarter.
--   period       string  For example 2026-W27 or 2026-Q2.

-- Definition, Success: "deployment frequency (... zero weeks counted, partial
-- edge weeks not)". Between its first and its last row a feed speaks: a week
-- without rows is 0. Before and after it is silent: unknown. A quarter must be
-- spoken of from its first week on: one in which the feed begins later would
-- show a part of its count as the whole.
-- deployment_count  from the first deployment to production to the last row of
--                   deployments, of whatever environment; deployment_days
--                   the same.
-- items_delivered   by deployments, the same; by status, from the first item
--                   created, committed to or delivered to the last row of
--                   items or of item_events.

with periods as (
    select
        period_kind,
        period,
        start_on
    from report_periods
),

days as (
    select
        utc_date,
        week_start,
        start_at,
        end_at
    from local_days
),

basis as (
    select delivery_basis
    from delivery_basis
),

item_rows as (
    select created_at
    from items_as_of
),

production_deployments as (
    select finished_at
    from deployments_as_of
    where is_production
),

table_ends as (
    select
        table_name,
        last_at
    from data_freshness
),

item_starts as (
    select created_at as started_at
    from item_rows
    union all
    select committed_at as started_at
    from item_commitments
    union all
    select delivered_at as started_at
    from deliveries
),

first_items as (
    select min(started_at) as first_at
    from item_starts
),

first_deployments as (
    select min(finished_at) as first_at
    from production_deployments
),

last_rows as (
    select
        max(last_at) filter (where table_name = 'deployments') as deployed_at,
        max(last_at) filter (
            where table_name in ('items', 'item_events')
        ) as changed_at
    from table_ends
),

feed_ends as (
    select
        'deployment_count' as measure,
        first_deployments.first_at,
        last_rows.deployed_at as last_at
    from first_deployments
    cross join last_rows
    union all
    select
        'deployment_days' as measure,
        first_deployments.first_at,
        last_rows.deployed_at as last_at
    from first_deployments
    cross join last_rows
    union all
    select
        'items_delivered' as measure,
        case
            when basis.delivery_basis = 'deployment'
                then first_deployments.first_at
            else first_items.first_at
        end as first_at,
        case
            when basis.delivery_basis = 'deployment' then last_rows.deployed_at
            else last_rows.changed_at
        end as last_at
    from basis
    cross join first_deployments
    cross join first_items
    cross join last_rows
),

dated_feeds as (
    select
        feed_ends.measure,
        first_days.week_start as first_week_start,
        last_days.week_start as last_week_start
    from feed_ends
    left join days as first_days
        on cast(feed_ends.first_at as date) = first_days.utc_date
        and feed_ends.first_at >= first_days.start_at
        and feed_ends.first_at < first_days.end_at
    left join days as last_days
        on cast(feed_ends.last_at as date) = last_days.utc_date
        and feed_ends.last_at >= last_days.start_at
        and feed_ends.last_at < last_days.end_at
),

known_periods as (
    select
        dated_feeds.measure,
        periods.period_kind,
        periods.period
    from dated_feeds
    inner join periods
        on dated_feeds.last_week_start + 6 >= periods.start_on
        and (
            (
                periods.period_kind = 'week'
                and dated_feeds.first_week_start <= periods.start_on
            )
            or (
                periods.period_kind = 'quarter'
                and dated_feeds.first_week_start <= periods.start_on + 6
            )
        )
)

select
    measure,
    period_kind,
    period
from known_periods
order by measure, period_kind, period
