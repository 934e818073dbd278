-- name: scope_freeze__every_late_addition_is_judged
-- about: Every item added after a freeze has a row, none was added before its
--   freeze, and what passed is a defect with an approval of its own.
-- grain: one row per release and item that breaks the claim
-- key: release_id, item_id
-- reads: items_as_of, baseline_changes, scope_moves, release_baselines,
--   scope_freeze
-- columns:
--   release_id  string  Release.
--   item_id     string  Tracker key.

with late_changes as (
    select distinct
        release_id,
        item_id
    from baseline_changes
    where action = 'added' and coalesce(is_after_freeze, true)
),

possible_additions as (
    select distinct
        scope_moves.release_id,
        scope_moves.item_id
    from scope_moves
    inner join release_baselines
        on scope_moves.release_id = release_baselines.release_id
    where scope_moves.action = 'added'
        and coalesce(
            scope_moves.changed_at > release_baselines.freeze_at, true
        )
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
        late_changes.release_id,
        late_changes.item_id
    from late_changes
    left join judged_items
        on late_changes.release_id = judged_items.release_id
        and late_changes.item_id = judged_items.item_id
    where judged_items.item_id is null
    union all
    select
        judged_items.release_id,
        judged_items.item_id
    from judged_items
    left join possible_additions
        on judged_items.release_id = possible_additions.release_id
        and judged_items.item_id = possible_additions.item_id
    where possible_additions.item_id is null
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
