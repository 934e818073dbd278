-- name: gate_results__never_a_blind_pass
-- about: A gate that lacks a table never passes, a waiver has a rationale, and
--   what passed rests on a record dated before the moment, where it rests on
--   one.
-- grain: one row per gate, subject and verdict that breaks the claim
-- key: gate, subject_id, verdict
-- reads: gates, gate_results
-- columns:
--   gate        string  Gate.
--   subject_id  string  What was looked at.
--   verdict     string  What was said of it.

select
    gate_results.gate,
    gate_results.subject_id,
    gate_results.verdict
from gate_results
inner join gates
    on gate_results.gate = gates.gate
where
    (gates.missing_words is not null and gate_results.verdict <> 'unknown')
    or (
        gate_results.verdict = 'waived'
        and gate_results.waiver_rationale is null
    )
    or (
        gate_results.verdict = 'pass'
        and gate_results.evidence_at >= gate_results.due_at
    )
    or gate_results.verdict not in ('pass', 'fail', 'waived', 'unknown')
order by gate, subject_id, verdict
