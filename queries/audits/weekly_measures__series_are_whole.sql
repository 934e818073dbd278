-- name: weekly_measures__series_are_whole
-- about: Eight measures for every week shown, none a figure without rows.
-- grain: one row per measure and week that breaks the claim
-- key: measure, week_start
-- reads: report_weeks, weekly_measures
-- columns:
--   measure     string  Measure.
--   week_start  date    Monday.

-- Counts may be 0 of 0; a rate or a quantile of nothing is null, never 0.

with weeks as (
    select week_start
    from report_weeks
),

measures as (
    select
        measure,
        week_start,
        value,
        numerator,
        denominator,
        provisional_count
    from weekly_measures
),

hollow_figures as (
    select
        measure,
        week_start
    from measures
    where
        numerator > denominator
        or provisional_count > denominator
        or (
            denominator = 0
            and value is not null
            and measure not in ('items_delivered', 'deployment_count')
        )
        or (denominator > 0 and value is null)
),

measure_counts as (
    select
        weeks.week_start,
        count(measures.measure) as measure_count
    from weeks
    left join measures
        on weeks.week_start = measures.week_start
    group by weeks.week_start
),

broken as (
    select
        measure,
        week_start
    from hollow_figures
    union all
    select
        '(all)' as measure,
        week_start
    from measure_counts
    where measure_count <> 8
)

select
    measure,
    week_start
from broken
order by measure, week_start
