-- name: weekly_backlog_ages
-- about: The planning backlog at each week's end, and how much is over 90 days.
-- grain: one row per report week
-- key: week_start
-- reads: report_weeks, items_as_of, item_stages, item_commitments, deliveries
-- columns:
--   week_start     date     Monday of the local week.
--   iso_week       string   For example 2026-W27.
--   item_count     bigint   Items open at its end and not committed to (n).
--   over_90_count  bigint   Of these, created 90 days before or earlier.
--   over_90_ratio  double?  over_90 / n.

-- backlog_ages, read back week by week as period_ages reads ageing back: an
-- item was in the backlog at the end of a week in which it stood in a stage
-- short of done and was neither committed to nor delivered. Where nobody knows
-- since when it is in its stage, it is in no week.

with weeks as (
    select
        week_start,
        iso_week,
        end_at
    from report_weeks
),

item_rows as (
    select
        item_id,
        created_at
    from items_as_of
    where created_at is not null
),

stays as (
    select
        item_id,
        kind,
        entered_at,
        left_at
    from item_stages
),

reopenings as (
    select
        item_id,
        min(left_at) as reopened_at
    from stays
    where kind = 'done' and left_at is not null
    group by item_id
),

open_stays as (
    select
        stays.item_id,
        item_rows.created_at,
        stays.entered_at,
        stays.left_at,
        item_commitments.committed_at,
        deliveries.delivered_at,
        reopenings.reopened_at
    from stays
    inner join item_rows
        on stays.item_id = item_rows.item_id
    left join item_commitments
        on stays.item_id = item_commitments.item_id
    left join deliveries
        on stays.item_id = deliveries.item_id
    left join reopenings
        on stays.item_id = reopenings.item_id
    where stays.kind is distinct from 'done'
),

week_end_items as (
    select
        weeks.week_start,
        seconds_between(
            open_stays.created_at, weeks.end_at
        ) / 86400e0 as age_days
    from weeks
    inner join open_stays
        on open_stays.entered_at <= weeks.end_at
        and coalesce(
            open_stays.left_at, cast('9999-12-31 00:00:00' as timestamp)
        ) > weeks.end_at
    where
        (
            open_stays.committed_at is null
            or open_stays.committed_at > weeks.end_at
        )
        and (
            open_stays.delivered_at is null
            or open_stays.delivered_at > weeks.end_at
            or open_stays.reopened_at <= weeks.end_at
        )
),

week_counts as (
    select
        weeks.week_start,
        weeks.iso_week,
        count(week_end_items.age_days) as item_count,
        count(*) filter (where week_end_items.age_days >= 90e0) as over_90_count
    from weeks
    left join week_end_items
        on weeks.week_start = week_end_items.week_start
    group by weeks.week_start, weeks.iso_week
)

select
    week_start,
    iso_week,
    item_count,
    over_90_count,
    1e0 * over_90_count / nullif(item_count, 0) as over_90_ratio
from week_counts
order by week_start
