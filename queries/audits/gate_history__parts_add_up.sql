-- name: gate_history__parts_add_up
-- about: The verdicts of a row add up to what was looked at, and the row of
--   all gates to those of each.
-- grain: one row per quarter and gate that breaks the claim
-- key: quarter, gate
-- reads: gate_history
-- columns:
--   quarter  string  Quarter.
--   gate     string  Gate.

with totals as (
    select
        quarter,
        subject_count
    from gate_history
    where is_total
),

sums as (
    select
        quarter,
        sum(subject_count) as subject_count
    from gate_history
    where not is_total
    group by quarter
)

select
    gate_history.quarter,
    gate_history.gate
from gate_history
inner join totals
    on gate_history.quarter = totals.quarter
left join sums
    on gate_history.quarter = sums.quarter
where
    gate_history.subject_count <> gate_history.pass_count
    + gate_history.waived_count + gate_history.unknown_count
    + gate_history.fail_count
    or totals.subject_count is distinct from sums.subject_count
order by quarter, gate
