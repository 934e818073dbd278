-- name: scenario_scores
-- about: The score of each open item under each change of weights.
-- grain: one row per scenario and open item
-- key: scenario, item_id
-- reads: formula_scores, aging, item_rule_points
-- columns:
--   scenario       string   now, or the part and by how much it is changed.
--   item_id        string   Tracker key.
--   unknown_count  bigint   Parts that nobody knows, the size among them.
--   size           double?  What the score is divided by; null where unknown.
--   score          double?  The score; null where a part is unknown.
--   score_rank     bigint?  1 for the highest score; equal scores share a rank.

-- formula_scores has the formula. Scores are compared to nine digits, so that the
-- last bit of a sum makes no order. Whatever the formula, what accepted rules add
-- or take is added to it last.

with open_items as (
    select item_id
    from aging
),

formula_rows as (
    select
        scenario,
        item_id,
        unknown_count,
        size,
        score
    from formula_scores
),

rule_points as (
    select
        item_id,
        sum(points) as points
    from item_rule_points
    group by item_id
),

scores as (
    select
        formula_rows.scenario,
        formula_rows.item_id,
        formula_rows.unknown_count,
        formula_rows.size,
        formula_rows.score + coalesce(rule_points.points, 0e0) as score
    from formula_rows
    inner join open_items
        on formula_rows.item_id = open_items.item_id
    left join rule_points
        on formula_rows.item_id = rule_points.item_id
),

ranks as (
    select
        scenario,
        item_id,
        rank() over (
            partition by scenario
            order by round(score, 9) desc
        ) as score_rank
    from scores
    where score is not null
)

select
    scores.scenario,
    scores.item_id,
    scores.unknown_count,
    scores.size,
    scores.score,
    ranks.score_rank
from scores
left join ranks
    on scores.scenario = ranks.scenario
    and scores.item_id = ranks.item_id
order by scenario, item_id
