-- name: portfolio_drift
-- about: Planned and actual share of each investment category, team by team.
-- grain: one row per quarter, investment category and team
-- key: quarter, investment_category, team
-- reads: planning_limits, table_feeds, quarter_spans, quarterly_effort,
--   portfolio
-- columns:
--   quarter              string   2026-Q2, or undated.
--   investment_category  string   Category; (no category), (unknown item).
--   team                 string   Team; "(all teams)" for all together.
--   is_total             boolean  The row is that of all teams.
--   planned_share        double?  Share of the team's capacity planned for it.
--   planned_hours        double?  Hours planned for it.
--   plan_basis           string?  share, hours or team_hours; see below.
--   actual_hours         double?  Hours spent; null where effort is unknown.
--   actual_share         double?  Of all hours of the team in the quarter.
--   drift_points         double?  Actual minus planned share, in points.
--   band_points          double   How many points count as on plan.
--   is_beyond_band       boolean? Drift is larger; null without both shares.
--   is_unplanned         boolean  Hours on what the plan does not have.
--   item_count           bigint   Items on which hours were spent.
--   is_partial           boolean  The as-of cuts the quarter short.
--   hours_share          double?  Share of the planned hours; null where they
--                                 are not known of all categories.
--   is_contradictory     boolean  The planned share and that of the planned
--                                 hours are more than a point apart.

-- coverage.md 1.5. A stated target share is the plan (share); without one, its
-- target hours by those of all categories of the team (hours), where each has
-- them. A plan that names no team is that of all teams; without one, the teams'
-- planned shares are, each weighed by all hours planned for its team
-- (team_hours): so the whole never plans what no team plans, and where shares
-- follow from hours it is the sum of the hours. Stated shares that the hours
-- beside them contradict stay the plan, and the row says so. A quarter before the first or after
-- the last day of effort is unknown, not 0. A drift of just the band is within
-- it. A category that the plan of the team's quarter does not have is unplanned:
-- planned for 0 where the team has a plan.

with limits as (
    select portfolio_band_points as band_points
    from planning_limits
),

feeds as (
    select count(*) as feed_count
    from table_feeds
    where table_name = 'effort' and is_fed
),

spans as (
    select
        quarter,
        is_partial
    from quarter_spans
),

spent as (
    select
        quarter,
        item_id,
        team,
        case
            when not is_known_item then '(unknown item)'
            else coalesce(investment_category, '(no category)')
        end as investment_category,
        seconds
    from quarterly_effort
),

reach as (
    select
        min(quarter) as first_quarter,
        max(quarter) as last_quarter
    from spent
    where quarter <> 'undated'
),

levelled_effort as (
    select quarter, item_id, team, investment_category, seconds
    from spent
    union all
    select
        quarter,
        item_id,
        '(all teams)' as team,
        investment_category,
        seconds
    from spent
),

actuals as (
    select
        quarter,
        team,
        investment_category,
        cast(sum(seconds) as bigint) as seconds,
        count(distinct item_id) as item_count
    from levelled_effort
    group by quarter, team, investment_category
),

actual_sums as (
    select
        quarter,
        team,
        cast(sum(seconds) as bigint) as all_seconds
    from actuals
    group by quarter, team
),

plan_rows as (
    select
        quarter,
        investment_category,
        coalesce(team, '(all teams)') as team,
        target_share,
        target_hours
    from portfolio
),

company_plans as (
    select distinct quarter
    from plan_rows
    where team = '(all teams)'
),

team_sums as (
    select
        quarter,
        team,
        case
            when count(target_hours) = count(*) then sum(target_hours)
        end as all_hours
    from plan_rows
    group by quarter, team
),

team_plans as (
    select
        plan_rows.quarter,
        plan_rows.investment_category,
        plan_rows.team,
        plan_rows.target_hours,
        case
            when plan_rows.target_share is not null then 'share'
            else 'hours'
        end as plan_basis,
        team_sums.all_hours,
        plan_rows.target_hours / nullif(team_sums.all_hours, 0e0)
            as hours_share,
        coalesce(
            plan_rows.target_share,
            plan_rows.target_hours / nullif(team_sums.all_hours, 0e0)
        ) as planned_share
    from plan_rows
    inner join team_sums
        on plan_rows.quarter = team_sums.quarter
        and plan_rows.team = team_sums.team
),

company_sums as (
    select
        team_sums.quarter,
        case
            when count(team_sums.all_hours) = count(*)
                then sum(team_sums.all_hours)
        end as all_hours
    from team_sums
    left join company_plans
        on team_sums.quarter = company_plans.quarter
    where company_plans.quarter is null
    group by team_sums.quarter
),

summed_plans as (
    select
        team_plans.quarter,
        team_plans.investment_category,
        case
            when count(team_plans.target_hours) = count(*)
                then sum(team_plans.target_hours)
        end as target_hours,
        case
            when count(team_plans.target_hours) = count(*)
                then sum(team_plans.target_hours)
        end / nullif(max(company_sums.all_hours), 0e0) as hours_share,
        case
            when count(team_plans.planned_share) = count(*)
                then sum(team_plans.planned_share * team_plans.all_hours)
        end / nullif(max(company_sums.all_hours), 0e0) as planned_share
    from team_plans
    inner join company_sums
        on team_plans.quarter = company_sums.quarter
    group by team_plans.quarter, team_plans.investment_category
),

plans as (
    select
        quarter,
        investment_category,
        team,
        target_hours,
        plan_basis,
        hours_share,
        planned_share
    from team_plans
    union all
    select
        quarter,
        investment_category,
        '(all teams)' as team,
        target_hours,
        'team_hours' as plan_basis,
        hours_share,
        planned_share
    from summed_plans
),

planned_teams as (
    select distinct quarter, team
    from plans
),

grid as (
    select quarter, investment_category, team
    from plans
    union
    select quarter, investment_category, team
    from actuals
),

filled_grid as (
    select
        grid.quarter,
        grid.investment_category,
        grid.team,
        case
            when plans.quarter is not null then plans.planned_share
            when planned_teams.quarter is not null then 0e0
        end as planned_share,
        plans.target_hours as planned_hours,
        plans.hours_share,
        case
            when plans.planned_share is not null then plans.plan_basis
        end as plan_basis,
        case
            when actuals.seconds is not null then actuals.seconds
            when
                feeds.feed_count > 0
                and grid.quarter >= reach.first_quarter
                and grid.quarter <= reach.last_quarter
                then 0
        end as seconds,
        actual_sums.all_seconds,
        planned_teams.quarter is not null and plans.quarter is null
            as is_unplanned,
        coalesce(actuals.item_count, 0) as item_count,
        case
            when grid.quarter = 'undated' then false
            else coalesce(
                spans.is_partial, grid.quarter > reach.last_quarter, false
            )
        end as is_partial
    from grid
    cross join feeds
    cross join reach
    left join plans
        on grid.quarter = plans.quarter
        and grid.team = plans.team
        and grid.investment_category = plans.investment_category
    left join planned_teams
        on grid.quarter = planned_teams.quarter
        and grid.team = planned_teams.team
    left join actuals
        on grid.quarter = actuals.quarter
        and grid.team = actuals.team
        and grid.investment_category = actuals.investment_category
    left join actual_sums
        on grid.quarter = actual_sums.quarter
        and grid.team = actual_sums.team
    left join spans
        on grid.quarter = spans.quarter
),

shares as (
    select
        quarter,
        investment_category,
        team,
        planned_share,
        planned_hours,
        hours_share,
        plan_basis,
        seconds / 3600e0 as actual_hours,
        1e0 * seconds / nullif(all_seconds, 0) as actual_share,
        is_unplanned,
        item_count,
        is_partial
    from filled_grid
)

select
    shares.quarter,
    shares.investment_category,
    shares.team,
    shares.team = '(all teams)' as is_total,
    shares.planned_share,
    shares.planned_hours,
    shares.plan_basis,
    shares.actual_hours,
    shares.actual_share,
    100e0 * (shares.actual_share - shares.planned_share) as drift_points,
    limits.band_points,
    round(100e0 * abs(shares.actual_share - shares.planned_share), 9)
    > limits.band_points as is_beyond_band,
    shares.is_unplanned,
    shares.item_count,
    shares.is_partial,
    shares.hours_share,
    coalesce(
        round(100e0 * abs(shares.planned_share - shares.hours_share), 9) > 1e0,
        false
    ) as is_contradictory
from shares
cross join limits
order by quarter, investment_category, team
