-- name: stability_velocity__hours_add_up
-- about: The kinds of work make all hours, and theirs are those of the themes.
-- grain: one row that breaks the claim
-- key: quarter
-- reads: stability_velocity, theme_capacity
-- columns:
--   quarter  string  Quarter.

with kinds as (
    select
        quarter,
        all_hours,
        feature_hours + defect_hours + debt_hours + infrastructure_hours
        + compliance_hours + untyped_hours as part_sum
    from stability_velocity
),

themes as (
    select
        quarter,
        sum(actual_hours) as hours
    from theme_capacity
    group by quarter
)

select kinds.quarter
from kinds
left join themes
    on kinds.quarter = themes.quarter
where
    abs(kinds.all_hours - kinds.part_sum)
    > 1e-9 * greatest(kinds.all_hours, 1e0)
    or abs(kinds.all_hours - coalesce(themes.hours, 0e0))
    > 1e-9 * greatest(kinds.all_hours, 1e0)
order by quarter
