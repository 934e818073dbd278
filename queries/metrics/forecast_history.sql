-- name: forecast_history
-- about: The forecast of each release on each Monday, as it stood then.
-- grain: one row per release and day of a forecast
-- key: release_id, made_on, is_present
-- reads: forecast_runs, releases_as_of
-- columns:
--   release_id       string   Release.
--   release_name     string   Its present name.
--   state            string   forecast, or why there is none; see
--                             release_forecasts.
--   basis            string?  What the dates go by: work, plan or later.
--   is_present       boolean  Made at the as-of, not on a Monday before.
--   planned_chance   double?  Chance of the planned day, 0-1.
--   remaining_count  bigint   Open items.
--   active_weeks     bigint   Weeks of the basis with a delivery.
--   basis_weeks      bigint   Whole weeks that were drawn from.
--   corrected_by     bigint   Releases whose forecasts corrected it.
--   made_on          date     Day of the forecast: as that day began.
--   p50_on           date?    Done by then in 50 % of the trials.
--   p85_on           date?    In 85 %.
--   p95_on           date?    In 95 %; null past the horizon.
--   planned_on       date?    Planned day, as the export has it now.
--   actual_on        date?    Day on which it was done; null while it is open.

-- Each is made of what had happened by the begin of its day: nothing dated
-- later is read. What an export keeps no past of is taken as it stands: the
-- planned day, the freeze, the value of items; see docs/forecasts.md.

with runs as (
    select
        release_id,
        state,
        basis,
        is_present,
        planned_chance,
        remaining_count,
        active_weeks,
        basis_weeks,
        corrected_by,
        made_on,
        p50_on,
        p85_on,
        p95_on,
        planned_on,
        actual_on
    from forecast_runs
),

release_rows as (
    select
        release_id,
        release_name
    from releases_as_of
)

select
    runs.release_id,
    release_rows.release_name,
    runs.state,
    runs.basis,
    runs.is_present,
    runs.planned_chance,
    runs.remaining_count,
    runs.active_weeks,
    runs.basis_weeks,
    runs.corrected_by,
    runs.made_on,
    runs.p50_on,
    runs.p85_on,
    runs.p95_on,
    runs.planned_on,
    runs.actual_on
from runs
inner join release_rows
    on runs.release_id = release_rows.release_id
order by release_id, made_on, is_present
