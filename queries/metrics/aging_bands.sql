-- name: aging_bands
-- about: How old finished items were when they left each stage.
-- grain: one row per stage short of done
-- key: stage
-- reads: workflow, stage_paces
-- columns:
--   stage           string   Stage.
--   stage_position  bigint   1 for the first stage of the workflow.
--   finished_count  bigint   Finished items that have been in the stage.
--   p50_days        double?  Half of them were younger on leaving.
--   p70_days        double?  70 % were.
--   p85_days        double?  85 % were.
--   p95_days        double?  95 % were.

-- metrics.md, Aging: "bands at the 50th, 70th, 85th, 95th percentile";
-- Quantiles: "interpolate linearly (type 7)".

with stages as (
    select distinct
        stage,
        stage_position
    from workflow
    where kind <> 'done'
),

paces as (
    select
        stage,
        pace_days
    from stage_paces
),

bands as (
    select
        stages.stage,
        stages.stage_position,
        count(paces.pace_days) as finished_count,
        percentile_cont(0.50) within group (
            order by paces.pace_days
        ) as p50_days,
        percentile_cont(0.70) within group (
            order by paces.pace_days
        ) as p70_days,
        percentile_cont(0.85) within group (
            order by paces.pace_days
        ) as p85_days,
        percentile_cont(0.95) within group (
            order by paces.pace_days
        ) as p95_days
    from stages
    left join paces
        on stages.stage = paces.stage
    group by stages.stage, stages.stage_position
)

select
    stage,
    stage_position,
    finished_count,
    p50_days,
    p70_days,
    p85_days,
    p95_days
from bands
order by stage
