-- name: aging_bands
-- about: How old finished items were when they left each stage.
-- grain: one row per stage short of done
-- key: stage
-- reads: workflow, stage_paces
-- columns:
--   stage           string   Stage.
--   stage_position  bigint   1 for the first stage of the workflow.
--   pace_clock      string?  Clock: commitment, creation; null below 5 items.
--   finished_count  bigint   Finished items that left it by that clock.
--   p50_days        double?  Half left younger; null below 5 items.
--   p70_days        double?  70 % were.
--   p85_days        double?  85 % were.
--   p95_days        double?  95 % were.

-- Definition, Aging: "bands at the 50th, 70th, 85th, 95th percentile";
-- Quantiles: "interpolate linearly (type 7)". Below 5 finished items a stage
-- has no bands: one slow item would be the 95th percentile. stage_paces says
-- which clock is a stage's own; ages by the other one make no band.

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
        pace_clock,
        pace_days
    from stage_paces
    where is_stage_clock
),

bands as (
    select
        stages.stage,
        stages.stage_position,
        min(paces.pace_clock) as pace_clock,
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
),

founded_bands as (
    select
        stage,
        stage_position,
        case when finished_count >= 5 then pace_clock end as pace_clock,
        finished_count,
        case when finished_count >= 5 then p50_days end as p50_days,
        case when finished_count >= 5 then p70_days end as p70_days,
        case when finished_count >= 5 then p85_days end as p85_days,
        case when finished_count >= 5 then p95_days end as p95_days
    from bands
)

select
    stage,
    stage_position,
    pace_clock,
    finished_count,
    p50_days,
    p70_days,
    p85_days,
    p95_days
from founded_bands
order by stage
