-- name: cycle_time__excluded_has_no_clocks
-- about: Clocks are there exactly where an item is not excluded.
-- grain: one row per item that breaks the claim
-- key: item_id
-- reads: cycle_time
-- columns:
--   item_id    string   Tracker key.
--   exclusion  string?  Why it is left out.

with items_timed as (
    select
        item_id,
        exclusion,
        elapsed_days,
        committed_at,
        delivered_at
    from cycle_time
),

broken as (
    select
        item_id,
        exclusion
    from items_timed
    where
        (exclusion is null) <> (elapsed_days is not null)
        or (exclusion is null and committed_at is null)
        or (exclusion = 'no_commitment' and committed_at is not null)
        or (exclusion = 'not_started' and delivered_at is not null)
        or (
            exclusion in ('closed_undelivered', 'delivery_unknown')
            and delivered_at is not null
        )
        or (exclusion = 'negative_span' and delivered_at >= committed_at)
)

select
    item_id,
    exclusion
from broken
order by item_id
