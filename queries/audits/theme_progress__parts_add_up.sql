-- name: theme_progress__parts_add_up
-- about: Goals and drivers have the items of the themes; parts lie within all.
-- grain: one row that breaks the claim
-- key: quarter
-- reads: theme_progress
-- columns:
--   quarter  string  Quarter.

with sums as (
    select
        quarter,
        level,
        sum(item_count) as item_count,
        sum(committed_count) as committed_count,
        sum(delivered_count) as delivered_count
    from theme_progress
    group by quarter, level
),

broken as (
    select themes.quarter
    from sums as themes
    inner join sums as others
        on themes.quarter = others.quarter
    where
        themes.level = 'theme'
        and (
            themes.item_count <> others.item_count
            or themes.committed_count <> others.committed_count
            or themes.delivered_count <> others.delivered_count
        )
    union
    select quarter
    from theme_progress
    where
        delivered_count > committed_count
        or committed_count > item_count
        or delivered_count + late_count > item_count
        or delivered_hours > committed_hours
        or committed_hours > actual_hours * (1e0 + 1e-9)
)

select quarter
from broken
order by quarter
