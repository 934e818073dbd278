-- name: estimation_calibration__offered_where_better
-- about: A factor is offered and used only where it made later errors smaller,
--   and more than half of those that it moved.
-- grain: one row per size band that breaks the claim
-- key: size_band
-- reads: estimation_calibration, corrected_estimates
-- columns:
--   size_band   string   Size band.
--   used_count  bigint?  Open items corrected by its factor.

with calibrations as (
    select
        size_band,
        fit_count,
        score_count,
        better_count,
        worse_count,
        mdmre_before,
        mdmre_after,
        is_offered
    from estimation_calibration
),

uses as (
    select
        size_band,
        count(*) as used_count
    from corrected_estimates
    where corrected_hours is not null
    group by size_band
),

broken as (
    select
        calibrations.size_band,
        uses.used_count
    from calibrations
    left join uses
        on calibrations.size_band = uses.size_band
    where
        (not calibrations.is_offered and uses.used_count > 0)
        or (
            calibrations.is_offered and (
                calibrations.fit_count < 10
                or calibrations.score_count < 10
                or calibrations.mdmre_after is null
                or calibrations.mdmre_after >= calibrations.mdmre_before
                or calibrations.better_count - calibrations.worse_count
                <= sqrt(calibrations.better_count + calibrations.worse_count)
            )
        )
)

select
    size_band,
    used_count
from broken
order by size_band
