-- name: quarterly_measures__recounted
-- about: A quarter has the rows that a second count finds: none lost or twice.
-- grain: one row per measure and quarter that breaks the claim
-- key: measure, quarter
-- reads: calendar, quarterly_measures, cycle_time, success_rate
-- columns:
--   measure  string  Measure.
--   quarter  string  Quarter.

-- Counted again by another way: by the first and last instant of the quarter
-- instead of its days, and from the metrics instead of measure_rows.

with quarters as (
    select
        quarter,
        min(start_at) as start_at,
        max(end_at) as end_at
    from calendar
    group by quarter
),

measures as (
    select
        measure,
        quarter,
        denominator
    from quarterly_measures
),

recounted as (
    select
        'cycle_time_p85' as measure,
        quarters.quarter,
        count(cycle_time.item_id) as row_count
    from quarters
    left join cycle_time
        on cycle_time.is_delivered
        and cycle_time.exclusion is null
        and cycle_time.delivered_at >= quarters.start_at
        and cycle_time.delivered_at < quarters.end_at
    group by quarters.quarter
    union all
    select
        'deployment_count' as measure,
        quarters.quarter,
        count(success_rate.deployment_id) as row_count
    from quarters
    left join success_rate
        on success_rate.finished_at >= quarters.start_at
        and success_rate.finished_at < quarters.end_at
    group by quarters.quarter
),

broken as (
    select
        measures.measure,
        measures.quarter
    from measures
    inner join recounted
        on measures.measure = recounted.measure
        and measures.quarter = recounted.quarter
    where measures.denominator <> recounted.row_count
)

select
    measure,
    quarter
from broken
order by measure, quarter
