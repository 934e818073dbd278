-- name: low_feedback
-- title: Items whose components had {threshold} complaints or more in 90 days
-- about: How often users had complained of the components of an item before it
--   was committed to.
-- action: require canary
-- compares: at_least
-- thresholds: 1, 2, 3
-- outcomes: failed_deployment, incident
-- needs: items, feedback
-- reads: rule_items, item_components, feedback

-- A complaint is feedback of a score of 1 or 2 on an item that touches one of
-- the same components, given in the 90 days before the commitment.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

components as (
    select
        item_id,
        component
    from item_components
),

complaints as (
    select distinct
        feedback.feedback_id,
        components.component,
        feedback.given_at
    from feedback
    inner join components
        on feedback.item_id = components.item_id
    where feedback.score <= 2
),

placed_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        components.component
    from item_rows
    left join components
        on item_rows.item_id = components.item_id
),

counted_items as (
    select
        placed_items.item_id,
        placed_items.release_id,
        placed_items.team,
        placed_items.known_at,
        count(placed_items.component) > 0 as has_components,
        cast(count(distinct complaints.feedback_id) as double)
            as complaint_count
    from placed_items
    left join complaints
        on placed_items.component = complaints.component
        and complaints.given_at < placed_items.known_at
        and complaints.given_at >= placed_items.known_at - interval '90' day
    group by
        placed_items.item_id,
        placed_items.release_id,
        placed_items.team,
        placed_items.known_at
)

select
    'low_feedback' as template,
    item_id,
    release_id,
    team,
    known_at,
    case
        when known_at is not null and has_components then complaint_count
    end as value,
    cast(null as string) as category
from counted_items
order by template, item_id, release_id
