-- name: closed_items
-- about: Items that stand in a done stage without a known delivery.
-- grain: one row per such item
-- key: item_id
-- reads: workflow, item_stages, deliveries, delivery_basis,
--   deployments_as_of, deployment_items
-- columns:
--   item_id    string      Tracker key.
--   exclusion  string      delivery_unknown or closed_undelivered.
--   closed_at  timestamp?  When it came into the done stage, if known.

-- Definition, Common rules: "null means unknown". Such an item is not open: it
-- does not age, and its clocks do not run on.
-- delivery_unknown    it stands in the stage of delivery, and nobody knows
--                     since when: no log of its status and no resolved_at.
-- closed_undelivered  by deployments, no deployment to whatever environment
--                     holds it. That is work declined, but also work whose
--                     release nobody has deployed yet, until someone does;
--                     what some deployment holds is on its way to production
--                     and stays open. By status, its done stage is not the
--                     last one, which is the stage of delivery.

with stages as (
    select
        stage_position,
        kind
    from workflow
),

basis as (
    select delivery_basis
    from delivery_basis
),

present_stays as (
    select
        item_id,
        stage_position,
        stage_entered_at
    from item_stages
    where left_at is null and kind = 'done'
),

seen_deployments as (
    select deployment_id
    from deployments_as_of
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

last_stage as (
    select max(stage_position) as stage_position
    from stages
    where kind = 'done'
),

deployed_items as (
    select distinct held_items.item_id
    from held_items
    inner join seen_deployments
        on held_items.deployment_id = seen_deployments.deployment_id
),

closed as (
    select
        present_stays.item_id,
        case
            when basis.delivery_basis = 'status'
                and present_stays.stage_position = last_stage.stage_position
                then 'delivery_unknown'
            else 'closed_undelivered'
        end as exclusion,
        present_stays.stage_entered_at as closed_at
    from present_stays
    cross join basis
    cross join last_stage
    left join deliveries
        on present_stays.item_id = deliveries.item_id
    left join deployed_items
        on present_stays.item_id = deployed_items.item_id
    where
        deliveries.item_id is null
        and (
            basis.delivery_basis = 'status'
            or deployed_items.item_id is null
        )
)

select
    item_id,
    exclusion,
    closed_at
from closed
order by item_id
