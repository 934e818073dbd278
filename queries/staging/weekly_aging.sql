-- name: weekly_aging
-- about: Open committed items at the end of each week, and those grown too old.
-- grain: one row per week in which some item could be judged
-- key: week_start
-- reads: report_weeks, item_stages, item_commitments, deliveries, stage_paces
-- columns:
--   week_start    date    Monday of the local week.
--   judged_count  bigint  Open committed items that could be judged.
--   past_count    bigint  Of these, past their stage's 85th percentile.

-- metrics.md, Aging, read back week by week. An item can be judged where it is
-- known since when it was in its stage, and where at least 5 items had left
-- the stage and been delivered by the end of the week (as in aging_bands).

with weeks as (
    select
        week_start,
        end_at
    from report_weeks
),

stays as (
    select
        item_id,
        stage,
        kind,
        entered_at,
        left_at
    from item_stages
),

commitments_made as (
    select
        item_id,
        committed_at
    from item_commitments
),

paces as (
    select
        stage,
        pace_days,
        delivered_at
    from stage_paces
),

-- "Judged by history up to that instant": only items delivered by the end of
-- the week make its bands.
weekly_bands as (
    select
        weeks.week_start,
        paces.stage,
        percentile_cont(0.85) within group (
            order by paces.pace_days
        ) as p85_days
    from weeks
    inner join paces
        on paces.delivered_at <= weeks.end_at
    group by weeks.week_start, paces.stage
    having count(*) >= 5
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
        stays.stage,
        stays.entered_at,
        stays.left_at,
        commitments_made.committed_at,
        deliveries.delivered_at,
        reopenings.reopened_at
    from stays
    inner join commitments_made
        on stays.item_id = commitments_made.item_id
    left join deliveries
        on stays.item_id = deliveries.item_id
    left join reopenings
        on stays.item_id = reopenings.item_id
    where stays.stage is not null and stays.kind <> 'done'
),

week_end_ages as (
    select
        weeks.week_start,
        open_stays.stage,
        seconds_between(
            open_stays.committed_at, weeks.end_at
        ) / 86400e0 as pace_days
    from weeks
    inner join open_stays
        on open_stays.entered_at <= weeks.end_at
        and coalesce(
            open_stays.left_at, cast('9999-12-31 00:00:00' as timestamp)
        ) > weeks.end_at
    where
        open_stays.committed_at <= weeks.end_at
        and (
            open_stays.delivered_at is null
            or open_stays.delivered_at > weeks.end_at
            or open_stays.reopened_at <= weeks.end_at
        )
),

weekly_ages as (
    select
        week_end_ages.week_start,
        count(*) as judged_count,
        count(*) filter (
            where week_end_ages.pace_days > weekly_bands.p85_days
        ) as past_count
    from week_end_ages
    inner join weekly_bands
        on week_end_ages.week_start = weekly_bands.week_start
        and week_end_ages.stage = weekly_bands.stage
    group by week_end_ages.week_start
)

select
    week_start,
    judged_count,
    past_count
from weekly_ages
order by week_start
