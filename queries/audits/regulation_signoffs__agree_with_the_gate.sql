-- name: regulation_signoffs__agree_with_the_gate
-- about: An item passes the gate of sign-offs where it passes under each of
--   its regulations, and is waived or failed where one is.
-- grain: one row per release and item that breaks the claim
-- key: release_id, item_id
-- reads: regulation_signoffs, gate_results
-- columns:
--   release_id  string  Release.
--   item_id     string  Item.

with worst_verdicts as (
    select
        release_id,
        item_id,
        case
            when bool_or(verdict = 'fail') then 'fail'
            when bool_or(verdict = 'unknown') then 'unknown'
            when bool_or(verdict = 'waived') then 'waived'
            else 'pass'
        end as verdict
    from regulation_signoffs
    group by release_id, item_id
)

select
    worst_verdicts.release_id,
    worst_verdicts.item_id
from worst_verdicts
left join gate_results
    on gate_results.gate = 'regulatory_signoff'
    and gate_results.subject_type = 'item'
    and worst_verdicts.item_id = gate_results.subject_id
    and worst_verdicts.release_id = gate_results.release_id
where worst_verdicts.verdict is distinct from gate_results.verdict
order by release_id, item_id
