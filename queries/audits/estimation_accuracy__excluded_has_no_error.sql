-- name: estimation_accuracy__excluded_has_no_error
-- about: An error is there exactly where an item is not excluded.
-- grain: one row per item that breaks the claim
-- key: item_id
-- reads: estimation_accuracy
-- columns:
--   item_id    string   Tracker key.
--   exclusion  string?  Why it is left out.

with items_compared as (
    select
        item_id,
        error_ratio,
        log_ratio,
        is_within_25,
        is_exact,
        exclusion
    from estimation_accuracy
),

broken as (
    select
        item_id,
        exclusion
    from items_compared
    where
        (exclusion is null) <> (error_ratio is not null)
        or (exclusion is null) <> (log_ratio is not null)
        or error_ratio < 0
        or (is_exact and not is_within_25)
)

select
    item_id,
    exclusion
from broken
order by item_id
