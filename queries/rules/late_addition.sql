-- name: late_addition
-- title: Items added to a release after its baseline
-- about: Whether an item came into its release after the planned scope was read
--   off.
-- action: hold
-- compares: at_least
-- thresholds: 1
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items, releases, item_events or scope_changes
-- reads: rule_items, deliveries, release_baselines, baseline_changes

-- Known when it is added: known_at is its last addition. What was added after
-- it was delivered was no decision: unknown. So is an item of a release
-- without a baseline.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

baselines as (
    select release_id
    from release_baselines
    where baseline_at is not null
),

additions as (
    select
        release_id,
        item_id,
        max(changed_at) as added_at
    from baseline_changes
    where action = 'added'
    group by release_id, item_id
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

judged_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        coalesce(additions.added_at, item_rows.known_at) as known_at,
        case
            when item_rows.known_at is null
                or additions.added_at > delivered_items.delivered_at
                then cast(null as double)
            when additions.item_id is not null then 1e0
            when baselines.release_id is not null then 0e0
        end as is_late
    from item_rows
    left join baselines
        on item_rows.release_id = baselines.release_id
    left join additions
        on item_rows.release_id = additions.release_id
        and item_rows.item_id = additions.item_id
    left join delivered_items
        on item_rows.item_id = delivered_items.item_id
)

select
    'late_addition' as template,
    item_id,
    release_id,
    team,
    known_at,
    is_late as value,
    cast(null as string) as category
from judged_items
order by template, item_id, release_id
