-- name: gate_teams
-- about: How each team kept the gates whose moment fell in the report quarters
--   or since, or is not known; what has no moment of its own, by that of its
--   release.
-- grain: one row per team and gate, and one per team for all gates
-- key: team, gate
-- reads: params, report_periods, gate_results
-- columns:
--   team           string   Team, or "(no team)".
--   gate           string   The gate's name; "(all gates)" for all.
--   is_total       boolean  The row adds up the team's gates.
--   subject_count  bigint   What was looked at, due by the as-of or not dated.
--   pass_count     bigint   Of these, passed.
--   waived_count   bigint   Of these, waived.
--   unknown_count  bigint   Of these, unknown.
--   fail_count     bigint   Of these, failed.
--   undated_count  bigint   Of what was looked at, not dated.

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
        gate_results.verdict,
        gate_results.counted_at
    from gate_results
    cross join instant
    cross join first_quarter
    where gate_results.counted_at is null
        or (
            gate_results.counted_at <= instant.as_of
            and gate_results.counted_at >= first_quarter.start_at
        )
),

levelled_results as (
    select team, gate, false as is_total, verdict, counted_at
    from due_results
    union all
    select team, '(all gates)' as gate, true as is_total, verdict, counted_at
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
    count(*) filter (where verdict = 'fail') as fail_count,
    count(*) filter (where counted_at is null) as undated_count
from levelled_results
group by team, gate, is_total
order by team, gate
