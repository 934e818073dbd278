-- name: release_forecasts
-- about: When each open release will be done, with the chances of its plan.
-- grain: one row per open release
-- key: release_id
-- reads: params, calendar, forecast_settings, forecast_runs, releases_as_of,
--   release_memberships
-- columns:
--   release_id       string   Release.
--   release_name     string   Its present name.
--   state            string   forecast, or why there is none; see below.
--   state_words      string?  Why there is none, or only a part, in words.
--   basis            string?  What the dates go by: work, plan or later.
--   idle_teams       string?  Teams it hangs on that delivered nothing.
--   outside          string?  What its items wait for that is not in the
--                             forecast.
--   planned_chance   double?  Chance that it is done by its planned day, 0-1.
--   item_count       bigint   Items that are in it, done or not.
--   remaining_count  bigint   Of these, open: what the forecast counts.
--   delivered_count  bigint?  Items its teams delivered in the basis.
--   active_weeks     bigint?  Weeks of the basis with such a delivery.
--   basis_weeks      bigint?  Whole weeks that are drawn from.
--   corrected_by     bigint?  Releases whose forecasts correct this one.
--   slip_count       bigint?  Releases whose keeping to plan is drawn from.
--   knotted_count    bigint?  Open items in cycles of dependencies.
--   outside_count    bigint?  How many things it waits for outside.
--   trials           bigint   Trials.
--   seed             bigint   Seed of the dice.
--   horizon_weeks    bigint   Weeks that are simulated.
--   made_on          date     Day of the forecast.
--   p50_on           date?    Done by then in 50 % of the trials.
--   p85_on           date?    In 85 %.
--   p95_on           date?    In 95 %; null past the horizon.
--   work_p50_on      date?    The work alone, without a plan: 50 %.
--   work_p85_on      date?    85 %.
--   work_p95_on      date?    95 %.
--   planned_on       date?    Planned day.

-- Definition, Forecast: "Monte Carlo over weekly throughput and scope growth,
-- seeded; P50, P85, P95 dates; capped ('> 95 %'); fewer than 5 active weeks: no
-- forecast." Done is the first instant after which no open item is left in the
-- release. forecast_runs is made by the program between the queries.
-- state  forecast
--        no_items                 nothing was ever put into it, or all left.
--        nothing_open             all that is in it is done.
--        too_few_weeks            its teams delivered in fewer than 5 weeks.
--        team_without_throughput  a team that it hangs on delivered nothing.

with instant as (
    select as_of
    from params
),

settings as (
    select
        seed,
        trials,
        horizon_weeks
    from forecast_settings
),

days as (
    select
        day,
        start_at,
        end_at
    from calendar
),

today as (
    select days.day
    from instant
    inner join days
        on instant.as_of >= days.start_at
        and instant.as_of < days.end_at
),

open_releases as (
    select
        release_id,
        release_name,
        planned_at
    from releases_as_of
    where
        released_at is null
        and status is distinct from 'released'
        and status is distinct from 'cancelled'
),

present_runs as (
    select
        release_id,
        state,
        basis,
        remaining_count,
        active_weeks,
        basis_weeks,
        delivered_count,
        corrected_by,
        slip_count,
        knotted_count,
        outside_count,
        idle_teams,
        outside,
        p50_on,
        p85_on,
        p95_on,
        work_p50_on,
        work_p85_on,
        work_p95_on,
        planned_chance
    from forecast_runs
    where is_present
),

item_counts as (
    select
        release_id,
        count(distinct item_id) as item_count
    from release_memberships
    where left_at is null
    group by release_id
),

stated_releases as (
    select
        open_releases.release_id,
        open_releases.release_name,
        case
            when present_runs.state is not null then present_runs.state
            when coalesce(item_counts.item_count, 0) = 0 then 'no_items'
            else 'nothing_open'
        end as state,
        present_runs.basis,
        present_runs.idle_teams,
        present_runs.outside,
        present_runs.planned_chance,
        coalesce(item_counts.item_count, 0) as item_count,
        coalesce(present_runs.remaining_count, 0) as remaining_count,
        present_runs.delivered_count,
        present_runs.active_weeks,
        present_runs.basis_weeks,
        present_runs.corrected_by,
        present_runs.slip_count,
        present_runs.knotted_count,
        present_runs.outside_count,
        settings.trials,
        settings.seed,
        settings.horizon_weeks,
        today.day as made_on,
        present_runs.p50_on,
        present_runs.p85_on,
        present_runs.p95_on,
        present_runs.work_p50_on,
        present_runs.work_p85_on,
        present_runs.work_p95_on,
        planned_days.day as planned_on
    from open_releases
    cross join settings
    cross join today
    left join present_runs
        on open_releases.release_id = present_runs.release_id
    left join item_counts
        on open_releases.release_id = item_counts.release_id
    left join days as planned_days
        on open_releases.planned_at >= planned_days.start_at
        and open_releases.planned_at < planned_days.end_at
)

select
    release_id,
    release_name,
    state,
    case
        when state = 'no_items' then 'no items yet'
        when state = 'nothing_open' then 'nothing open'
        when state = 'too_few_weeks'
            then 'too few active weeks: '
            || cast(active_weeks as string) || ' of 5'
        when state = 'team_without_throughput'
            then 'nothing delivered in '
            || cast(basis_weeks as string) || ' weeks by ' || idle_teams
        when p50_on is null
            then '> 50 %: not within '
            || cast(horizon_weeks as string) || ' weeks'
        when p85_on is null
            then '> 85 %: not within '
            || cast(horizon_weeks as string) || ' weeks'
        when p95_on is null
            then '> 95 %: not within '
            || cast(horizon_weeks as string) || ' weeks'
    end as state_words,
    basis,
    idle_teams,
    outside,
    planned_chance,
    item_count,
    remaining_count,
    delivered_count,
    active_weeks,
    basis_weeks,
    corrected_by,
    slip_count,
    knotted_count,
    outside_count,
    trials,
    seed,
    horizon_weeks,
    made_on,
    p50_on,
    p85_on,
    p95_on,
    work_p50_on,
    work_p85_on,
    work_p95_on,
    planned_on
from stated_releases
order by release_id
