-- name: score_sensitivity
-- about: How the rank of each scored item moves when a weight is changed.
-- grain: one row per open item with a score
-- key: item_id
-- reads: score_scenarios, scenario_scores
-- columns:
--   item_id         string   Tracker key.
--   rank_now        bigint   Rank with the weights as they are.
--   best_rank       bigint   Best rank with one weight 20 % more or less.
--   worst_rank      bigint   Worst rank so.
--   best_scenario   string   The change that gives the best rank.
--   worst_scenario  string   The change that gives the worst rank.
--   is_top          boolean  Among the top of the list now.
--   stays_top       boolean  Among it whatever the change.
--   may_be_top      boolean  Not now, but with some change.

-- coverage.md 1.2. The top of the list are ranks 1 to scoring.top_count. "now"
-- counts among the scenarios, so a best rank is never below the present one.

with tops as (
    select max(top_count) as top_count
    from score_scenarios
),

ranks as (
    select
        scenario,
        item_id,
        score_rank
    from scenario_scores
    where score_rank is not null
),

ordered_ranks as (
    select
        item_id,
        scenario,
        score_rank,
        row_number() over (
            partition by item_id
            order by
                score_rank,
                case when scenario = 'now' then 0 else 1 end,
                scenario
        ) as from_best,
        row_number() over (
            partition by item_id
            order by
                score_rank desc,
                case when scenario = 'now' then 0 else 1 end,
                scenario
        ) as from_worst
    from ranks
),

moves as (
    select
        item_id,
        max(score_rank) filter (where scenario = 'now') as rank_now,
        min(score_rank) as best_rank,
        max(score_rank) as worst_rank,
        max(scenario) filter (where from_best = 1) as best_scenario,
        max(scenario) filter (where from_worst = 1) as worst_scenario
    from ordered_ranks
    group by item_id
)

select
    moves.item_id,
    moves.rank_now,
    moves.best_rank,
    moves.worst_rank,
    moves.best_scenario,
    moves.worst_scenario,
    moves.rank_now <= tops.top_count as is_top,
    moves.worst_rank <= tops.top_count as stays_top,
    moves.rank_now > tops.top_count and moves.best_rank <= tops.top_count
        as may_be_top
from moves
cross join tops
order by item_id
