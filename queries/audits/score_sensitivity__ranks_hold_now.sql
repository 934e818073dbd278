-- name: score_sensitivity__ranks_hold_now
-- about: Each scored item has its present rank between its best and its worst.
-- grain: one row that breaks the claim
-- key: item_id
-- reads: item_scores, score_sensitivity
-- columns:
--   item_id  string  Tracker key.

with scored as (
    select
        item_id,
        score_rank
    from item_scores
    where score is not null
),

moves as (
    select
        item_id,
        rank_now,
        best_rank,
        worst_rank
    from score_sensitivity
)

select scored.item_id
from scored
left join moves
    on scored.item_id = moves.item_id
where
    moves.item_id is null
    or scored.score_rank <> moves.rank_now
    or moves.rank_now < moves.best_rank
    or moves.rank_now > moves.worst_rank
order by item_id
