-- name: score_scenarios
-- about: The changes of weights under which scores are computed again.
-- grain: one row per scenario and part
-- key: scenario, part
-- reads: scoring
-- columns:
--   scenario   string   now, or the part and by how much its weight is changed.
--   part       string   Part of the score.
--   preset     string   weights, wsjf or rice.
--   weight     double   Its weight in the scenario.
--   size       string   What scores are divided by: story_points, estimate_hours
--                      or nothing.
--   top_count  bigint   How many items are the top of the list.

-- coverage.md 1.2: "how the top of the list moves under +-20 % of each weight",
-- one at a time, the others as they are.

with parts as (
    select
        preset,
        part,
        weight,
        size,
        top_count
    from scoring
),

changes as (
    select
        parts.part || listed_changes.words as scenario,
        parts.part as changed_part,
        listed_changes.factor
    from parts
    cross join (
        values
        (' -20 %', 0.8e0),
        (' +20 %', 1.2e0)
    ) as listed_changes (words, factor)
),

scenarios as (
    select
        'now' as scenario,
        part,
        preset,
        weight,
        size,
        top_count
    from parts
    union all
    select
        changes.scenario,
        parts.part,
        parts.preset,
        case
            when parts.part = changes.changed_part
                then parts.weight * changes.factor
            else parts.weight
        end as weight,
        parts.size,
        parts.top_count
    from changes
    cross join parts
)

select
    scenario,
    part,
    preset,
    weight,
    size,
    top_count
from scenarios
order by scenario, part
