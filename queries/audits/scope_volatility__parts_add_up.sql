-- name: scope_volatility__parts_add_up
-- about: Changes are additions and removals; parts stay within their whole.
-- grain: one row per release that breaks the claim
-- key: release_id
-- reads: scope_volatility
-- columns:
--   release_id  string  Release.

with releases_rated as (
    select
        release_id,
        planned_count,
        added_count,
        removed_count,
        readded_count,
        after_freeze_count,
        change_count,
        delivered_count,
        gross_ratio,
        exclusion
    from scope_volatility
),

broken as (
    select release_id
    from releases_rated
    where
        change_count <> added_count + removed_count
        or readded_count > added_count
        or after_freeze_count > change_count
        or delivered_count > planned_count
        or removed_count > planned_count + added_count
        or (planned_count = 0) <> (gross_ratio is null)
        or (exclusion is null) <> (gross_ratio is not null)
)

select release_id
from broken
order by release_id
