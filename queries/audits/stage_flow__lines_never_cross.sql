-- name: stage_flow__lines_never_cross
-- about: No line falls, and a later stage never holds more than an earlier.
-- grain: one row per week and stage that breaks the claim
-- key: week_start, stage
-- reads: stage_flow
-- columns:
--   week_start  date    Monday.
--   stage       string  Stage.

with flow as (
    select
        week_start,
        stage,
        item_count,
        lag(item_count) over (
            partition by stage
            order by week_start
        ) as count_before,
        lag(item_count) over (
            partition by week_start
            order by stage_position
        ) as earlier_stage_count
    from stage_flow
),

broken as (
    select
        week_start,
        stage
    from flow
    where item_count < count_before or item_count > earlier_stage_count
)

select
    week_start,
    stage
from broken
order by week_start, stage
