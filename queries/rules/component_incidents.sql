-- name: component_incidents
-- title: Items whose components had {threshold} incidents or more in 90 days
-- about: How many incidents the components of an item had had before it was
--   committed to.
-- action: require canary
-- compares: at_least
-- thresholds: 1, 2, 3
-- outcomes: failed_deployment, incident
-- needs: items, incidents
-- reads: rule_items, item_components, component_cis, incidents_as_of

-- Incidents of the configuration items that its components mean, opened in
-- the 90 days before the commitment. An item without components, and a feed
-- whose incidents name none, are unknown.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

known_components as (
    select distinct
        item_components.item_id,
        component_cis.ci_id
    from item_components
    inner join component_cis
        on item_components.component = component_cis.component
),

incident_rows as (
    select
        incident_id,
        ci_id,
        opened_at
    from incidents_as_of
    where kind = 'incident' and ci_id is not null
),

feeds as (
    select count(*) > 0 as has_cis
    from incident_rows
),

placed_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        known_components.ci_id
    from item_rows
    left join known_components
        on item_rows.item_id = known_components.item_id
),

counted_items as (
    select
        placed_items.item_id,
        placed_items.release_id,
        placed_items.team,
        placed_items.known_at,
        feeds.has_cis and count(placed_items.ci_id) > 0 as is_known,
        cast(count(incident_rows.incident_id) as double) as incident_count
    from placed_items
    cross join feeds
    left join incident_rows
        on placed_items.ci_id = incident_rows.ci_id
        and incident_rows.opened_at < placed_items.known_at
        and incident_rows.opened_at
        >= placed_items.known_at - interval '90' day
    group by
        placed_items.item_id,
        placed_items.release_id,
        placed_items.team,
        placed_items.known_at,
        feeds.has_cis
)

select
    'component_incidents' as template,
    item_id,
    release_id,
    team,
    known_at,
    case
        when known_at is not null and is_known then incident_count
    end as value,
    cast(null as string) as category
from counted_items
order by template, item_id, release_id
