-- A gate's rows are failed, unknown, waived or passed, and its verdict is that
-- of the worst.
select
    release_id,
    gate,
    verdict,
    subject_count
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
