-- name: commitment_forecasts
-- about: When each open contract promise will likely be kept.
-- grain: one row per commitment that is not met
-- key: commitment_id
-- reads: commitment_dates, release_forecasts, release_forecast_days
-- columns:
--   commitment_id    string   Commitment.
--   customer         string   To whom.
--   item_id          string?  Item promised.
--   release_id       string?  Release that is to bring it.
--   release_name     string?  Its present name.
--   clause           string?  Clause of the contract.
--   account_manager  string?  Who answers for it.
--   commitment_state string   State of the promise; see commitment_dates.
--   state            string   State of the forecast; unplanned where no open
--                             release holds it.
--   state_words      string?  Why there is no forecast.
--   late_chance      double?  Chance that the due day passes before, 0-1.
--   due_on           date     Promised for.
--   planned_on       date?    Planned release.
--   p50_on           date?    Release done by then in 50 % of the trials.
--   p85_on           date?    In 85 %.
--   p95_on           date?    In 95 %.

-- A promised item is out when its release is: until then it may be finished,
-- and still is nothing that the customer has.

with promises as (
    select
        commitment_id,
        customer,
        item_id,
        release_id,
        release_name,
        clause,
        account_manager,
        state,
        due_on,
        planned_on
    from commitment_dates
    where state not in ('met', 'delivered_late')
),

forecasts as (
    select
        release_id,
        state,
        state_words,
        trials,
        p50_on,
        p85_on,
        p95_on
    from release_forecasts
),

trial_days as (
    select
        release_id,
        trial_count,
        ends_on
    from release_forecast_days
),

late_trials as (
    select
        promises.commitment_id,
        cast(sum(trial_days.trial_count) as bigint) as late_count
    from promises
    inner join trial_days
        on promises.release_id = trial_days.release_id
    where trial_days.ends_on is null or trial_days.ends_on > promises.due_on
    group by promises.commitment_id
)

select
    promises.commitment_id,
    promises.customer,
    promises.item_id,
    promises.release_id,
    promises.release_name,
    promises.clause,
    promises.account_manager,
    promises.state as commitment_state,
    coalesce(forecasts.state, 'unplanned') as state,
    case
        when forecasts.release_id is null then 'in no open release'
        else forecasts.state_words
    end as state_words,
    case
        when forecasts.state = 'forecast'
            then coalesce(late_trials.late_count, 0) * 1e0
            / nullif(forecasts.trials, 0)
    end as late_chance,
    promises.due_on,
    promises.planned_on,
    forecasts.p50_on,
    forecasts.p85_on,
    forecasts.p95_on
from promises
left join forecasts
    on promises.release_id = forecasts.release_id
left join late_trials
    on promises.commitment_id = late_trials.commitment_id
order by commitment_id
