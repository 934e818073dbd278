-- name: scope_volatility_by_group__levels_add_up
-- about: The teams of a release add up to the release, and so do its domains.
-- grain: one row per dimension and release that breaks the claim
-- key: dimension, release_id
-- reads: scope_volatility, scope_volatility_by_group
-- columns:
--   dimension   string  team or domain.
--   release_id  string  Release.

with releases_rated as (
    select
        dimensions.dimension,
        scope_volatility.release_id,
        scope_volatility.planned_count,
        scope_volatility.added_count,
        scope_volatility.removed_count,
        scope_volatility.readded_count,
        scope_volatility.after_freeze_count,
        scope_volatility.change_count
    from scope_volatility
    cross join (values ('team'), ('domain')) as dimensions (dimension)
),

level_sums as (
    select
        dimension,
        release_id,
        sum(planned_count) as planned_count,
        sum(added_count) as added_count,
        sum(removed_count) as removed_count,
        sum(readded_count) as readded_count,
        sum(after_freeze_count) as after_freeze_count,
        sum(change_count) as change_count,
        bool_or(
            change_count <> added_count + removed_count
            or readded_count > added_count
            or after_freeze_count > change_count
            or moved_item_count > scope_item_count
            or moved_item_count > change_count
            or removed_count > planned_count + added_count
            or resized_count > planned_count
            or (planned_count = 0) <> (gross_ratio is null)
            or (exclusion is null and gross_ratio is null)
        ) as is_torn
    from scope_volatility_by_group
    group by dimension, release_id
),

broken as (
    select
        releases_rated.dimension,
        releases_rated.release_id
    from releases_rated
    left join level_sums
        on releases_rated.dimension = level_sums.dimension
        and releases_rated.release_id = level_sums.release_id
    where
        releases_rated.planned_count <> coalesce(level_sums.planned_count, 0)
        or releases_rated.added_count <> coalesce(level_sums.added_count, 0)
        or releases_rated.removed_count
        <> coalesce(level_sums.removed_count, 0)
        or releases_rated.readded_count
        <> coalesce(level_sums.readded_count, 0)
        or releases_rated.after_freeze_count
        <> coalesce(level_sums.after_freeze_count, 0)
        or releases_rated.change_count <> coalesce(level_sums.change_count, 0)
        or coalesce(level_sums.is_torn, false)
)

select
    dimension,
    release_id
from broken
order by dimension, release_id
