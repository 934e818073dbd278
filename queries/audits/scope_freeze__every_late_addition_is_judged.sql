-- name: scope_freeze__every_late_addition_is_judged
-- about: Every item added after a freeze has a row, none was added before its
--   freeze, and what passed is a defect with an approval of its own.
-- grain: one row per release and item that breaks the claim
-- key: release_id, item_id
-- reads: items_as_of, baseline_changes, scope_freeze
-- columns:
--   release_id  string  Release.
--   item_id     string  Tracker key.

with late_additions as (
    select distinct
        release_id,
        item_id
    from baseline_changes
    where action = 'added' and coalesce(is_after_freeze, true)
),

judged_items as (
    select
        scope_freeze.release_id,
        scope_freeze.subject_id as item_id,
        scope_freeze.verdict,
        scope_freeze.evidence_id,
        scope_freeze.evidence_at,
        scope_freeze.due_at,
        items_as_of.item_type
    from scope_freeze
    inner join items_as_of
        on scope_freeze.subject_id = items_as_of.item_id
),

broken as (
    select
        coalesce(late_additions.release_id, judged_items.release_id)
            as release_id,
        coalesce(late_additions.item_id, judged_items.item_id) as item_id
    from late_additions
    full join judged_items
        on late_additions.release_id = judged_items.release_id
        and late_additions.item_id = judged_items.item_id
    where late_additions.item_id is null or judged_items.item_id is null
    union all
    select
        release_id,
        item_id
    from judged_items
    where verdict = 'pass'
        and (
            coalesce(item_type, '?') not in ('defect', 'hotfix')
            or evidence_id is null
            or coalesce(evidence_at >= due_at, true)
        )
)

select
    release_id,
    item_id
from broken
order by release_id, item_id
