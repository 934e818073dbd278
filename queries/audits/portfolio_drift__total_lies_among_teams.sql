-- name: portfolio_drift__total_lies_among_teams
-- about: What all teams together plan for a category is no less than the least
--   and no more than the most that one of them plans.
-- grain: one row per quarter and category that breaks the claim
-- key: quarter, investment_category
-- reads: portfolio_drift
-- columns:
--   quarter              string  Quarter.
--   investment_category  string  Category.

-- A team that plans the quarter without the category plans 0 for it.

with totals as (
    select
        quarter,
        investment_category,
        planned_share
    from portfolio_drift
    where is_total and plan_basis = 'team_hours'
),

planned_rows as (
    select
        quarter,
        investment_category,
        team,
        planned_share
    from portfolio_drift
    where not is_total and planned_share is not null and not is_unplanned
),

team_counts as (
    select
        quarter,
        count(distinct team) as team_count
    from planned_rows
    group by quarter
),

extremes as (
    select
        quarter,
        investment_category,
        count(*) as planning_count,
        min(planned_share) as least_share,
        max(planned_share) as most_share
    from planned_rows
    group by quarter, investment_category
)

select
    totals.quarter,
    totals.investment_category
from totals
inner join extremes
    on totals.quarter = extremes.quarter
    and totals.investment_category = extremes.investment_category
inner join team_counts
    on totals.quarter = team_counts.quarter
where
    totals.planned_share > extremes.most_share + 1e-9
    or totals.planned_share < extremes.least_share - 1e-9
    and extremes.planning_count = team_counts.team_count
order by quarter, investment_category
