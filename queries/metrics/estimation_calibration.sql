-- name: estimation_calibration
-- about: Correction of estimates by size, fitted on the past, scored later.
-- grain: one row per size band
-- key: size_band
-- reads: size_bands, estimation_accuracy
-- columns:
--   size_band      string      Band of the estimate.
--   band_position  bigint      1 for the smallest.
--   cut_at         timestamp?  Fitted before it, scored from it on.
--   fit_count      bigint      Items that the factor is fitted on.
--   score_count    bigint      Later items that it is scored on.
--   better_count   bigint      Of these, nearer to the actual with it.
--   worse_count    bigint      Of these, farther from it.
--   factor         double?     exp(median ln(actual / estimate)) of the fit.
--   mdmre_before   double?     MdMRE of the later items as estimated.
--   mdmre_after    double?     The same, estimates times the factor.
--   is_offered     boolean     Better there beyond chance, and items enough.
--   reason         string?     Why it is not offered; see below.

-- Definition, Estimation: "Calibration: a multiplicative correction by band,
-- fitted on the past, scored on what came later; offered only where it is
-- better there." The median of ln(A/E), since one runaway item must not move
-- the factor. The cut is one for all bands: the delivery of the first item
-- after the first two thirds of all measured ones. What was delivered at the
-- same instant stands on one side of it. Later items that the factor moves
-- neither nearer nor farther are in score_count alone.
-- reason, the first that holds:
--   too_few_to_fit    fewer than 10 items before the cut.
--   too_few_to_score  fewer than 10 items from it on.
--   not_better        the median error of the later items does not fall.
--   by_chance         it falls, but no more of the later items came nearer than
--                     a coin would have it: the lower end of the Wilson 95 %
--                     interval of better among better and worse is not above a
--                     half, which is (better - worse)^2 <= 3.841459 times
--                     both (1.959964 squared).

with bands as (
    select
        size_band,
        band_position
    from size_bands
),

measured_items as (
    select
        item_id,
        size_band,
        finished_at,
        estimate_hours,
        actual_hours,
        error_ratio,
        log_ratio
    from estimation_accuracy
    where exclusion is null
),

numbered_items as (
    select
        finished_at,
        row_number() over (order by finished_at, item_id) as item_number,
        count(*) over () as item_count
    from measured_items
),

cut as (
    select min(finished_at) as cut_at
    from numbered_items
    where 3 * item_number > 2 * item_count
),

parted_items as (
    select
        measured_items.size_band,
        measured_items.estimate_hours,
        measured_items.actual_hours,
        measured_items.error_ratio,
        measured_items.log_ratio,
        measured_items.finished_at < cut.cut_at as is_fitted_on
    from measured_items
    cross join cut
),

fits as (
    select
        size_band,
        count(*) as fit_count,
        exp(median(log_ratio)) as factor
    from parted_items
    where is_fitted_on
    group by size_band
),

scored_items as (
    select
        parted_items.size_band,
        parted_items.error_ratio,
        abs(
            parted_items.actual_hours
            - fits.factor * parted_items.estimate_hours
        ) / nullif(parted_items.actual_hours, 0) as corrected_error_ratio
    from parted_items
    left join fits
        on parted_items.size_band = fits.size_band
    where not parted_items.is_fitted_on
),

scores as (
    select
        size_band,
        count(*) as score_count,
        count(*) filter (
            where corrected_error_ratio < error_ratio - 1e-9
        ) as better_count,
        count(*) filter (
            where corrected_error_ratio > error_ratio + 1e-9
        ) as worse_count,
        median(error_ratio) as mdmre_before,
        median(corrected_error_ratio) as mdmre_after
    from scored_items
    group by size_band
),

judged_bands as (
    select
        bands.size_band,
        bands.band_position,
        cut.cut_at,
        coalesce(fits.fit_count, 0) as fit_count,
        coalesce(scores.score_count, 0) as score_count,
        coalesce(scores.better_count, 0) as better_count,
        coalesce(scores.worse_count, 0) as worse_count,
        fits.factor,
        scores.mdmre_before,
        scores.mdmre_after,
        case
            when coalesce(fits.fit_count, 0) < 10 then 'too_few_to_fit'
            when coalesce(scores.score_count, 0) < 10 then 'too_few_to_score'
            when scores.mdmre_after > scores.mdmre_before - 1e-9
                then 'not_better'
            when scores.better_count <= scores.worse_count
                or power(scores.better_count - scores.worse_count, 2)
                <= 3.841458820694124e0
                * (scores.better_count + scores.worse_count)
                then 'by_chance'
        end as reason
    from bands
    cross join cut
    left join fits
        on bands.size_band = fits.size_band
    left join scores
        on bands.size_band = scores.size_band
)

select
    size_band,
    band_position,
    cut_at,
    fit_count,
    score_count,
    better_count,
    worse_count,
    factor,
    mdmre_before,
    mdmre_after,
    reason is null as is_offered,
    reason
from judged_bands
order by size_band
