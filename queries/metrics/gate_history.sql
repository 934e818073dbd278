-- name: gate_history
-- about: How each gate was kept, by the local quarter in which its moment fell;
--   what has no moment of its own, where its release shipped.
-- grain: one row per quarter and gate, and one per quarter for all gates
-- key: quarter, gate
-- reads: params, local_days, calendar, gate_results
-- columns:
--   quarter        string   Local quarter of the moment guarded, or
--                           "(not dated)".
--   gate           string   The gate's name; "(all gates)" for all.
--   is_total       boolean  The row adds up the quarter's gates.
--   subject_count  bigint   What was looked at, due by the as-of or not dated.
--   pass_count     bigint   Of these, passed.
--   waived_count   bigint   Of these, waived.
--   unknown_count  bigint   Of these, unknown.
--   fail_count     bigint   Of these, failed.

-- A moment that lies ahead of the as-of is in no quarter; one that nobody knows
-- is in none either, but in a row of its own, so that no verdict is lost. The
-- present quarter is there as far as it has come.

with instant as (
    select as_of
    from params
),

days as (
    select
        local_days.utc_date,
        local_days.start_at,
        local_days.end_at,
        calendar.quarter
    from local_days
    inner join calendar
        on local_days.day = calendar.day
),

due_results as (
    select
        gate_results.gate,
        gate_results.verdict,
        coalesce(days.quarter, '(not dated)') as quarter
    from gate_results
    cross join instant
    left join days
        on cast(gate_results.counted_at as date) = days.utc_date
        and gate_results.counted_at >= days.start_at
        and gate_results.counted_at < days.end_at
    where gate_results.counted_at is null
        or gate_results.counted_at <= instant.as_of
),

levelled_results as (
    select quarter, gate, false as is_total, verdict
    from due_results
    union all
    select quarter, '(all gates)' as gate, true as is_total, verdict
    from due_results
)

select
    quarter,
    gate,
    is_total,
    count(*) as subject_count,
    count(*) filter (where verdict = 'pass') as pass_count,
    count(*) filter (where verdict = 'waived') as waived_count,
    count(*) filter (where verdict = 'unknown') as unknown_count,
    count(*) filter (where verdict = 'fail') as fail_count
from levelled_results
group by quarter, gate, is_total
order by quarter, gate
