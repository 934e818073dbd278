-- name: corrected_estimates
-- about: Open items with the estimate that past items of their size suggest.
-- grain: one row per open item
-- key: item_id
-- reads: aging, starting_estimates, estimation_calibration
-- columns:
--   item_id          string   Tracker key.
--   title            string?  Title.
--   team             string?  Team.
--   release_id       string?  Release it is planned for.
--   is_committed     boolean  Committed to.
--   size_band        string?  Band of its estimate.
--   estimate_hours   double?  Estimate when work began, else as it stands.
--   factor           double?  Factor of its band, where offered.
--   corrected_hours  double?  Estimate times factor; null without a factor.
--   exclusion        string?  Why there is none; see below.

-- Definition, Estimation: a correction is "offered only where it is better
-- there" (see estimation_calibration). The estimate is the one that factors
-- are fitted on.
-- exclusion  no_estimate or zero_estimate, else the calibration's reason.

with open_items as (
    select
        item_id,
        title,
        team,
        release_id,
        is_committed
    from aging
),

estimates as (
    select
        item_id,
        estimate_seconds,
        size_band
    from starting_estimates
),

calibrations as (
    select
        size_band,
        factor,
        reason
    from estimation_calibration
),

corrected_items as (
    select
        open_items.item_id,
        open_items.title,
        open_items.team,
        open_items.release_id,
        open_items.is_committed,
        estimates.size_band,
        estimates.estimate_seconds / 3600e0 as estimate_hours,
        case
            when calibrations.reason is null then calibrations.factor
        end as factor,
        case
            when calibrations.reason is null
                then calibrations.factor * estimates.estimate_seconds / 3600e0
        end as corrected_hours,
        case
            when estimates.estimate_seconds is null then 'no_estimate'
            when estimates.estimate_seconds = 0 then 'zero_estimate'
            else calibrations.reason
        end as exclusion
    from open_items
    inner join estimates
        on open_items.item_id = estimates.item_id
    left join calibrations
        on estimates.size_band = calibrations.size_band
)

select
    item_id,
    title,
    team,
    release_id,
    is_committed,
    size_band,
    estimate_hours,
    factor,
    corrected_hours,
    exclusion
from corrected_items
order by item_id
