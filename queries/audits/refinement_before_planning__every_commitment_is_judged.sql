-- name: refinement_before_planning__every_commitment_is_judged
-- about: Every commitment that is known has a row, and each row of a known
--   commitment is due at it.
-- grain: one row per item that breaks the claim
-- key: item_id
-- reads: item_commitments, refinement_before_planning
-- columns:
--   item_id  string  Tracker key.

with judged_items as (
    select
        subject_id as item_id,
        max(due_at) as last_due_at,
        min(due_at) as first_due_at
    from refinement_before_planning
    group by subject_id
)

select item_commitments.item_id
from item_commitments
left join judged_items
    on item_commitments.item_id = judged_items.item_id
where
    judged_items.item_id is null
    or judged_items.first_due_at is distinct from item_commitments.committed_at
    or judged_items.last_due_at is distinct from item_commitments.committed_at
order by item_id
