-- name: plan_differences__agrees_with_the_gate
-- about: What lacks nothing never fails the gate plan_against_cmdb, what lacks
--   something fails it, and no difference is left out.
-- grain: one row per release and subject that breaks the claim
-- key: release_id, subject_type, subject_id
-- reads: gates, gate_results, plan_differences, release_moments
-- columns:
--   release_id     string   Release.
--   subject_type   string   item or config_item.
--   subject_id     string   Item or configuration item.
--   lacking_words  string?  What lacks it.
--   own_verdict    string?  What the gate says.

with judged as (
    select
        gate_results.release_id,
        gate_results.subject_type,
        gate_results.subject_id,
        gate_results.own_verdict
    from gate_results
    inner join gates
        on gate_results.gate = gates.gate
    where gates.gate = 'plan_against_cmdb' and gates.missing_words is null
),

gate_state as (
    select count(*) > 0 as is_judged
    from gates
    where gate = 'plan_against_cmdb' and is_on and missing_words is null
)

select
    plan_differences.release_id,
    plan_differences.subject_type,
    plan_differences.subject_id,
    plan_differences.lacking_words,
    judged.own_verdict
from plan_differences
cross join gate_state
inner join release_moments
    on plan_differences.release_id = release_moments.release_id
left join judged
    on plan_differences.release_id = judged.release_id
    and plan_differences.subject_type = judged.subject_type
    and plan_differences.subject_id = judged.subject_id
where gate_state.is_judged and not release_moments.is_called_off and (
    (
        plan_differences.lacking_words is not null
        and judged.own_verdict is distinct from 'fail'
    )
    or (
        plan_differences.lacking_words is null
        and judged.own_verdict = 'fail'
    )
)
order by release_id, subject_type, subject_id
