-- name: gate_teams__parts_add_up
-- about: The verdicts of a row add up to what was looked at, and the row of
--   all gates to those of each.
-- grain: one row per team and gate that breaks the claim
-- key: team, gate
-- reads: gate_teams
-- columns:
--   team     string  Team.
--   gate     string  Gate.

with totals as (
    select
        team,
        subject_count
    from gate_teams
    where is_total
),

sums as (
    select
        team,
        sum(subject_count) as subject_count
    from gate_teams
    where not is_total
    group by team
)

select
    gate_teams.team,
    gate_teams.gate
from gate_teams
inner join totals
    on gate_teams.team = totals.team
left join sums
    on gate_teams.team = sums.team
where
    gate_teams.subject_count <> gate_teams.pass_count
    + gate_teams.waived_count + gate_teams.unknown_count
    + gate_teams.fail_count
    or totals.subject_count is distinct from sums.subject_count
order by team, gate
