-- name: release_gates__parts_add_up
-- about: The rows of a gate are failed, unknown, waived or passed, and the
--   worst of them is its verdict.
-- grain: one row per release and gate that breaks the claim
-- key: release_id, gate
-- reads: release_gates
-- columns:
--   release_id  string  Release.
--   gate        string  Gate.

select
    release_id,
    gate
from release_gates
where
    subject_count <> fail_count + unknown_count + waived_count + pass_count
    or verdict <> case
        when subject_count = 0 then 'not_applicable'
        when fail_count > 0 then 'fail'
        when unknown_count > 0 then 'unknown'
        when waived_count > 0 then 'waived'
        else 'pass'
    end
    or is_open <> (fail_count + unknown_count > 0)
order by release_id, gate
