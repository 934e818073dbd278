-- name: gate_history__every_result_once
-- about: What a gate found is in its history once, unless its moment lies
--   ahead.
-- grain: one row per gate that breaks the claim
-- key: gate
-- reads: params, gate_history, gate_results
-- columns:
--   gate  string  Gate.

with counted_results as (
    select
        gate_results.gate,
        count(*) as subject_count
    from gate_results
    cross join params
    where gate_results.due_at is null
        or gate_results.due_at <= params.as_of
    group by gate_results.gate
),

coming_results as (
    select
        gate_results.gate,
        count(*) as subject_count
    from gate_results
    cross join params
    where gate_results.due_at is null
        and gate_results.counted_at > params.as_of
    group by gate_results.gate
),

history as (
    select
        gate,
        cast(sum(subject_count) as bigint) as subject_count
    from gate_history
    where not is_total
    group by gate
)

select counted_results.gate
from counted_results
left join coming_results
    on counted_results.gate = coming_results.gate
left join history
    on counted_results.gate = history.gate
where counted_results.subject_count
    <> coalesce(history.subject_count, 0)
    + coalesce(coming_results.subject_count, 0)
order by gate
