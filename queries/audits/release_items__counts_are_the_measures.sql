-- name: release_items__counts_are_the_measures
-- about: The items listed for a release are those that its figures count.
-- grain: one row per release that breaks the claim
-- key: release_id
-- reads: release_items, scope_volatility
-- columns:
--   release_id  string  Release.

with listed as (
    select
        release_id,
        scope_part,
        added_count,
        removed_count,
        readded_count,
        after_freeze_count,
        is_planned,
        is_in_at_end,
        is_delivered,
        is_planned_delivery
    from release_items
),

measured as (
    select
        release_id,
        planned_count,
        added_count,
        removed_count,
        readded_count,
        after_freeze_count,
        delivered_count
    from scope_volatility
),

listed_counts as (
    select
        release_id,
        count(*) filter (where is_planned) as planned_count,
        cast(sum(added_count) as bigint) as added_count,
        cast(sum(removed_count) as bigint) as removed_count,
        cast(sum(readded_count) as bigint) as readded_count,
        cast(sum(after_freeze_count) as bigint) as after_freeze_count,
        count(*) filter (where is_planned_delivery) as delivered_count,
        count(*) filter (
            where is_planned_delivery
                and not (is_planned and is_in_at_end and is_delivered)
        ) as false_delivery_count,
        count(*) filter (
            where (scope_part = 'planned') <> is_planned
        ) as false_part_count
    from listed
    group by release_id
),

broken as (
    select measured.release_id
    from measured
    left join listed_counts
        on measured.release_id = listed_counts.release_id
    where
        coalesce(listed_counts.planned_count, 0) <> measured.planned_count
        or coalesce(listed_counts.added_count, 0) <> measured.added_count
        or coalesce(listed_counts.removed_count, 0) <> measured.removed_count
        or coalesce(listed_counts.readded_count, 0) <> measured.readded_count
        or coalesce(listed_counts.after_freeze_count, 0)
        <> measured.after_freeze_count
        or coalesce(listed_counts.delivered_count, 0)
        <> measured.delivered_count
        or listed_counts.false_delivery_count > 0
        or listed_counts.false_part_count > 0
)

select release_id
from broken
order by release_id
