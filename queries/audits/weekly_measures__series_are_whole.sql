-- name: weekly_measures__series_are_whole
-- about: Every measure for every week shown, none a figure without rows.
-- grain: one row per measure and week that breaks the claim
-- key: measure, week_start
-- reads: report_weeks, weekly_measures
-- columns:
--   measure     string  Measure.
--   week_start  date    Monday.

-- Counts may be 0 of 0; a rate or a quantile of nothing is null, never 0.
-- Failed deployments that are not restored yet are provisional, and in no n.

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
        or (
            provisional_count > denominator
            and measure <> 'recovery_hours'
        )
        or (
            denominator = 0
            and value is not null
            and measure not in (
                'items_delivered', 'deployment_count', 'deployment_days'
            )
        )
        or (denominator > 0 and value is null)
),

listed_measures as (
    select distinct measure
    from measures
),

missing_weeks as (
    select
        listed_measures.measure,
        weeks.week_start
    from listed_measures
    cross join weeks
    except all
    select
        measure,
        week_start
    from measures
),

broken as (
    select
        measure,
        week_start
    from hollow_figures
    union all
    select
        measure,
        week_start
    from missing_weeks
)

select
    measure,
    week_start
from broken
order by measure, week_start
