-- name: commitment_forecasts__chances_fit
-- about: Every open promise is there, and its chance fits its percentiles.
-- grain: one row per commitment that breaks the claim
-- key: commitment_id
-- reads: commitment_dates, commitment_forecasts
-- columns:
--   commitment_id  string  Commitment.

with promises as (
    select commitment_id
    from commitment_dates
    where state not in ('met', 'delivered_late')
),

forecasts as (
    select
        commitment_id,
        state,
        late_chance,
        due_on,
        p50_on,
        p85_on
    from commitment_forecasts
),

broken as (
    select promises.commitment_id
    from promises
    left join forecasts
        on promises.commitment_id = forecasts.commitment_id
    where
        forecasts.commitment_id is null
        or (forecasts.state = 'forecast') <> (
            forecasts.late_chance is not null
        )
        or (forecasts.due_on >= forecasts.p85_on and late_chance > 15e-2)
        or (forecasts.due_on < forecasts.p50_on and late_chance < 5e-1)
)

select commitment_id
from broken
order by commitment_id
