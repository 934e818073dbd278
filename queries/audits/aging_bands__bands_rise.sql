-- name: aging_bands__bands_rise
-- about: A higher percentile is never smaller; no band without finished items.
-- grain: one row per stage that breaks the claim
-- key: stage
-- reads: aging_bands
-- columns:
--   stage  string  Stage.

with bands as (
    select
        stage,
        finished_count,
        p50_days,
        p70_days,
        p85_days,
        p95_days
    from aging_bands
),

broken as (
    select stage
    from bands
    where
        p50_days > p70_days
        or p70_days > p85_days
        or p85_days > p95_days
        or (finished_count < 5) <> (p50_days is null)
)

select stage
from broken
order by stage
