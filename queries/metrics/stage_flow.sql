-- name: stage_flow
-- about: Items that had reached at least each stage by the end of each week.
-- grain: one row per week and stage
-- key: week_start, stage
-- reads: workflow, report_weeks, local_days, item_stages
-- columns:
--   week_start      date    Monday.
--   stage           string  Stage.
--   stage_position  bigint  1 for the first stage of the workflow.
--   item_count      bigint  Items that had come to it or beyond by then.

-- A cumulative flow: an item that goes back keeps what it had reached, so
-- that a line never falls and the gap between two lines is work in progress.
-- An item that skips stages, be it straight into a done stage, has come past
-- all that lie before: else the lines would cross. An item of which nobody
-- knows since when it is where it is (item_stages) is in no line.

with stages as (
    select distinct
        stage,
        stage_position
    from workflow
),

weeks as (
    select
        week_start,
        start_at,
        end_at
    from report_weeks
),

days as (
    select
        utc_date,
        week_start,
        start_at,
        end_at
    from local_days
),

stays as (
    select
        item_id,
        stage_position,
        entered_at
    from item_stages
    where stage_position is not null and entered_at is not null
),

first_week as (
    select
        min(week_start) as week_start,
        min(start_at) as start_at
    from weeks
),

arrivals as (
    select
        stays.item_id,
        stages.stage,
        min(stays.entered_at) as reached_at
    from stays
    inner join stages
        on stages.stage_position <= stays.stage_position
    group by stays.item_id, stages.stage
),

-- Whatever came before the first week shown is counted in it.
older_arrivals as (
    select
        arrivals.stage,
        first_week.week_start,
        count(*) as item_count
    from arrivals
    inner join first_week
        on arrivals.reached_at < first_week.start_at
    group by arrivals.stage, first_week.week_start
),

shown_arrivals as (
    select
        arrivals.stage,
        days.week_start,
        count(*) as item_count
    from arrivals
    inner join first_week
        on arrivals.reached_at >= first_week.start_at
    inner join days
        on cast(arrivals.reached_at as date) = days.utc_date
        and arrivals.reached_at >= days.start_at
        and arrivals.reached_at < days.end_at
    group by arrivals.stage, days.week_start
),

all_arrivals as (
    select stage, week_start, item_count
    from older_arrivals
    union all
    select stage, week_start, item_count
    from shown_arrivals
),

weekly_arrivals as (
    select
        stage,
        week_start,
        sum(item_count) as item_count
    from all_arrivals
    group by stage, week_start
),

flow as (
    select
        weeks.week_start,
        stages.stage,
        stages.stage_position,
        cast(
            sum(coalesce(weekly_arrivals.item_count, 0)) over (
                partition by stages.stage
                order by weeks.week_start
                rows between unbounded preceding and current row
            ) as bigint
        ) as item_count
    from weeks
    cross join stages
    left join weekly_arrivals
        on weeks.week_start = weekly_arrivals.week_start
        and stages.stage = weekly_arrivals.stage
)

select
    week_start,
    stage,
    stage_position,
    item_count
from flow
order by week_start, stage
