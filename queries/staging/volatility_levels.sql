-- name: volatility_levels
-- about: Scope volatility of each team and domain, over all finished releases.
-- grain: one row per team or domain
-- key: dimension, level
-- reads: scope_volatility_by_group
-- columns:
--   dimension            string   team or domain.
--   level                string   Its name, "(no team)" or "(no domain)".
--   is_named             boolean  False for "(no team)" and "(no domain)".
--   release_count        bigint   Finished releases with planned items of it:
--                                 the points of its chart.
--   unplanned_count      bigint   Finished releases without: in no median.
--   open_count           bigint   Releases that are not over.
--   cancelled_count      bigint   Releases that were cancelled.
--   planned_count        bigint   Planned items of its finished releases.
--   added_count          bigint   Additions since the baselines of these.
--   removed_count        bigint   Removals.
--   readded_count        bigint   Of the additions, items that came back.
--   change_count         bigint   Additions and removals.
--   frozen_change_count  bigint   Of these, those to releases with a freeze.
--   after_freeze_count   bigint   Of these, those after the freeze.
--   scope_item_count     bigint   Items that were planned or have moved.
--   moved_item_count     bigint   Of these, those that have moved.
--   gross_ratio          double?  Changes / planned, all releases together.
--   median_gross_ratio   double?  Median over the points of its chart.

-- Definition, Scope volatility, over releases that are out and were not
-- cancelled. The counts are of all of these, also where nothing of the level
-- was planned.

with level_releases as (
    select
        dimension,
        level,
        is_named,
        planned_count,
        added_count,
        removed_count,
        readded_count,
        after_freeze_count,
        change_count,
        scope_item_count,
        moved_item_count,
        gross_ratio,
        freeze_at is not null as is_frozen,
        exclusion,
        exclusion is null
        or exclusion = 'no_planned_items' as is_finished
    from scope_volatility_by_group
),

summed_levels as (
    select
        dimension,
        level,
        bool_or(is_named) as is_named,
        count(*) filter (where exclusion is null) as release_count,
        count(*) filter (
            where exclusion = 'no_planned_items'
        ) as unplanned_count,
        count(*) filter (where exclusion = 'not_over') as open_count,
        count(*) filter (where exclusion = 'cancelled') as cancelled_count,
        cast(coalesce(
            sum(planned_count) filter (where is_finished), 0
        ) as bigint) as planned_count,
        cast(coalesce(
            sum(added_count) filter (where is_finished), 0
        ) as bigint) as added_count,
        cast(coalesce(
            sum(removed_count) filter (where is_finished), 0
        ) as bigint) as removed_count,
        cast(coalesce(
            sum(readded_count) filter (where is_finished), 0
        ) as bigint) as readded_count,
        cast(coalesce(
            sum(change_count) filter (where is_finished), 0
        ) as bigint) as change_count,
        cast(coalesce(
            sum(change_count) filter (where is_finished and is_frozen), 0
        ) as bigint) as frozen_change_count,
        cast(coalesce(
            sum(after_freeze_count) filter (where is_finished), 0
        ) as bigint) as after_freeze_count,
        cast(coalesce(
            sum(scope_item_count) filter (where is_finished), 0
        ) as bigint) as scope_item_count,
        cast(coalesce(
            sum(moved_item_count) filter (where is_finished), 0
        ) as bigint) as moved_item_count,
        median(gross_ratio) filter (
            where exclusion is null
        ) as median_gross_ratio
    from level_releases
    group by dimension, level
)

select
    dimension,
    level,
    is_named,
    release_count,
    unplanned_count,
    open_count,
    cancelled_count,
    planned_count,
    added_count,
    removed_count,
    readded_count,
    change_count,
    frozen_change_count,
    after_freeze_count,
    scope_item_count,
    moved_item_count,
    1e0 * change_count / nullif(planned_count, 0) as gross_ratio,
    median_gross_ratio
from summed_levels
order by dimension, level
