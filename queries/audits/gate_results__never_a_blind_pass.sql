-- A gate that lacks a table never passes, a waiver has a rationale, and what
-- passed rests on a record dated before the moment, where it rests on one.
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
order by gate_results.gate, gate_results.subject_id, gate_results.verdict
