-- name: gate_teams
-- about: How each team kept the gates whose moment fell in the report quarters
--   or since.
-- grain: one row per team and gate, and one per team for all gates
-- key: team, gate
-- reads: params, report_periods, gate_results
-- columns:
--   team           string   Team, or "(no team)".
--   gate           string   The gate's name; "(all gates)" for all.
--   is_total       boolean  The row adds up the team's gates.
--   subject_count  bigint   What was looked at, due by the as-of.
--   pass_count     bigint   Of these, passed.
--   waived_count   bigint   Of these, waived.
--   unknown_count  bigint   Of these, unknown.
--   fail_count     bigint   Of these, failed.

-- Only what belongs to a team says something of it; what a whole release or
-- deployment owes is in the row "(no team)".

with instant as (
    select as_of
    from params
),

first_quarter as (
    select min(start_at) as start_at
    from report_periods
    where period_kind = 'quarter'
),

due_results as (
    select
        coalesce(gate_results.team, '(no team)') as team,
        gate_results.gate,
        gate_results.verdict
    from gate_results
    inner join instant
        on gate_results.due_at <= instant.as_of
    inner join first_quarter
        on gate_results.due_at >= first_quarter.start_at
),

levelled_results as (
    select team, gate, false as is_total, verdict
    from due_results
    union all
    select team, '(all gates)' as gate, true as is_total, verdict
    from due_results
)

select
    team,
    gate,
    is_total,
    count(*) as subject_count,
    count(*) filter (where verdict = 'pass') as pass_count,
    count(*) filter (where verdict = 'waived') as waived_count,
    count(*) filter (where verdict = 'unknown') as unknown_count,
    count(*) filter (where verdict = 'fail') as fail_count
from levelled_results
group by team, gate, is_total
order by team, gate
