-- name: stage_entries
-- about: The stays that began in the report weeks or since: survival's cohort.
-- grain: one row per item and unbroken stay in a stage
-- key: item_id, stay_number
-- reads: report_weeks, stage_stays, deliveries
-- columns:
--   item_id         string      Tracker key.
--   stay_number     bigint      1 for the item's first stay.
--   stage           string?     Stage; null for a status without one.
--   stage_position  bigint?     1 for the first stage of the workflow.
--   entered_at      timestamp?  Start of the stay.
--   days            double?     To its end, or to the as-of while open.
--   is_ended        boolean     The stay is over; else it is censored.
--   exclusion       string?     Why it is not of the cohort; see below.

-- Definition, Aging: "Survival: the cohort that entered the stage in the
-- period, censored at the as-of." The period is that of the report weeks, and
-- what came since. A stay ends with the item's delivery at the latest, also
-- where its status was never moved on.
-- exclusion, the first that holds:
--   no_stage        a status that [workflow] does not list.
--   done_stage      nothing is waited for there.
--   entry_unknown   nobody knows since when.
--   before_weeks    it began before the report weeks.
--   after_delivery  it began when the item had been delivered.

with first_week as (
    select min(start_at) as start_at
    from report_weeks
),

stays as (
    select
        item_id,
        stay_number,
        stage,
        stage_position,
        kind,
        entered_at,
        ended_at,
        is_open
    from stage_stays
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

closed_stays as (
    select
        stays.item_id,
        stays.stay_number,
        stays.stage,
        stays.stage_position,
        stays.entered_at,
        seconds_between(
            stays.entered_at,
            least(
                stays.ended_at,
                coalesce(delivered_items.delivered_at, stays.ended_at)
            )
        ) / 86400e0 as days,
        not stays.is_open
        or delivered_items.delivered_at is not null as is_ended,
        case
            when stays.stage is null then 'no_stage'
            when stays.kind = 'done' then 'done_stage'
            when stays.entered_at is null then 'entry_unknown'
            when stays.entered_at < first_week.start_at then 'before_weeks'
            when stays.entered_at >= delivered_items.delivered_at
                then 'after_delivery'
        end as exclusion
    from stays
    cross join first_week
    left join delivered_items
        on stays.item_id = delivered_items.item_id
),

cohort as (
    select
        item_id,
        stay_number,
        stage,
        stage_position,
        entered_at,
        case when exclusion is null then days end as days,
        is_ended,
        exclusion
    from closed_stays
)

select
    item_id,
    stay_number,
    stage,
    stage_position,
    entered_at,
    days,
    is_ended,
    exclusion
from cohort
order by item_id, stay_number
