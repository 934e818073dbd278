-- name: aging__open_items_only
-- about: No open item sits in a done stage, and ages run forward.
-- grain: one row per item that breaks the claim
-- key: item_id
-- reads: aging
-- columns:
--   item_id  string  Tracker key.

with open_items as (
    select
        item_id,
        stage_kind,
        age_days,
        stage_age_days,
        pace_days,
        pace_percentile
    from aging
),

broken as (
    select item_id
    from open_items
    where
        stage_kind = 'done'
        or age_days < 0
        or stage_age_days < 0
        or pace_days < 0
        or pace_percentile < 0
        or pace_percentile > 100
)

select item_id
from broken
order by item_id
