-- name: portfolio_drift__shares_add_up
-- about: Actual shares of a team's quarter make 1, and teams make all teams.
-- grain: one row that breaks the claim
-- key: quarter
-- reads: portfolio_drift
-- columns:
--   quarter  string  Quarter.

with drift_rows as (
    select
        quarter,
        team,
        is_total,
        actual_hours,
        actual_share
    from portfolio_drift
),

share_sums as (
    select
        quarter,
        team,
        sum(actual_share) as share_sum
    from drift_rows
    group by quarter, team
),

hour_sums as (
    select
        quarter,
        sum(case when is_total then actual_hours else 0e0 end) as all_hours,
        sum(case when is_total then 0e0 else actual_hours end) as team_hours
    from drift_rows
    group by quarter
),

broken as (
    select quarter
    from share_sums
    where abs(share_sum - 1e0) > 1e-9
    union
    select quarter
    from hour_sums
    where abs(all_hours - team_hours) > 1e-9 * greatest(all_hours, 1e0)
)

select quarter
from broken
order by quarter
