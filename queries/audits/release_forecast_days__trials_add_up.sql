-- name: release_forecast_days__trials_add_up
-- about: The days of a forecast hold all its trials, and its percentiles.
-- grain: one row per forecast that breaks the claim
-- key: release_id
-- reads: release_forecasts, release_forecast_days
-- columns:
--   release_id  string  Release.

with forecasts as (
    select
        release_id,
        trials,
        p85_on
    from release_forecasts
    where state = 'forecast'
),

trial_days as (
    select
        release_id,
        trial_count,
        ends_on
    from release_forecast_days
),

sums as (
    select
        forecasts.release_id,
        forecasts.trials,
        forecasts.p85_on,
        sum(trial_days.trial_count) as trial_count,
        sum(trial_days.trial_count) filter (
            where trial_days.ends_on <= forecasts.p85_on
        ) as by_p85_count,
        sum(trial_days.trial_count) filter (
            where trial_days.ends_on < forecasts.p85_on
        ) as before_p85_count
    from forecasts
    left join trial_days
        on forecasts.release_id = trial_days.release_id
    group by forecasts.release_id, forecasts.trials, forecasts.p85_on
)

select release_id
from sums
where
    trial_count is distinct from trials
    or (p85_on is not null and by_p85_count * 100 < trials * 85)
    or (
        p85_on is not null
        and coalesce(before_p85_count, 0) * 100 >= trials * 85
    )
order by release_id
