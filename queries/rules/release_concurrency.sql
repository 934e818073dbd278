-- name: release_concurrency
-- title: Items committed to while {threshold} other releases or more were under
--   way
-- about: How many releases were under way when an item was committed to.
-- action: hold
-- compares: at_least
-- thresholds: quartiles
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items, releases
-- reads: rule_items, release_moments

-- A release is under way from its baseline until it ships. One that was
-- cancelled, or has no baseline, is none; when a cancellation came, nobody
-- knows.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

spans as (
    select
        release_id,
        baseline_at,
        shipped_at
    from release_moments
    where baseline_at is not null
        and coalesce(status <> 'cancelled', true)
),

known_moments as (
    select distinct known_at
    from item_rows
    where known_at is not null
),

counts as (
    select
        known_moments.known_at,
        spans.release_id
    from known_moments
    inner join spans
        on spans.baseline_at <= known_moments.known_at
        and coalesce(spans.shipped_at > known_moments.known_at, true)
),

counted_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        cast(
            count(counts.release_id) filter (
                where counts.release_id <> item_rows.release_id
            ) as double
        ) as release_count
    from item_rows
    left join counts
        on item_rows.known_at = counts.known_at
    group by
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at
)

select
    'release_concurrency' as template,
    item_id,
    release_id,
    team,
    known_at,
    case when known_at is not null then release_count end as value,
    cast(null as string) as category
from counted_items
order by template, item_id, release_id
