-- name: release_scope
-- about: The items that each release carries, with what gates ask of items.
-- grain: one row per release and item
-- key: release_id, item_id
-- reads: items, items_as_of, release_memberships, release_baselines,
--   deployments_as_of, deployment_items, item_risk_tiers
-- columns:
--   release_id         string      Release.
--   item_id            string      Tracker key.
--   title              string?     Title.
--   team               string?     Team.
--   item_type          string?     feature, defect, hotfix, ...
--   system             string?     System.
--   user_impact        string?     low, medium or high.
--   data_sensitivity   string?     none, internal, personal or special.
--   risk_tier          string?     high, medium or low; null where it is unknown.
--   tier_reason        string      What makes it so.
--   feasibility        string?     feasible, infeasible or unknown.
--   constraints        string?     Constraints; null where they are blank.
--   rollback_criteria  string?     When to take it back; null where blank.
--   failure_threshold  string?     Past which figure it has failed; null where
--                                 blank.
--   estimate_hours     double?     Estimated effort. Rewound.
--   story_points       double?     Estimated size. Rewound.
--   joined_at          timestamp?  When it came in for the last time; null for
--                                 an item that a deployment alone holds.

-- What a release carries: what is in it now, or was at its end, and what a
-- production deployment of the release holds.

with item_rows as (
    select
        items_as_of.item_id,
        items_as_of.title,
        items_as_of.team,
        items_as_of.item_type,
        items_as_of.system,
        items_as_of.user_impact,
        items_as_of.data_sensitivity,
        items_as_of.feasibility,
        items_as_of.estimate_hours,
        items_as_of.story_points,
        nullif(trim(items.constraints), '') as constraints,
        nullif(trim(items.rollback_criteria), '') as rollback_criteria,
        nullif(trim(items.failure_threshold), '') as failure_threshold
    from items_as_of
    inner join items
        on items_as_of.item_id = items.item_id
),

ends as (
    select
        release_id,
        closed_at
    from release_baselines
),

memberships as (
    select
        release_id,
        item_id,
        joined_at,
        left_at
    from release_memberships
),

members as (
    select
        memberships.release_id,
        memberships.item_id,
        max(memberships.joined_at) as joined_at
    from memberships
    inner join ends
        on memberships.release_id = ends.release_id
    where memberships.joined_at <= ends.closed_at
        and (
            memberships.left_at is null
            or memberships.left_at > ends.closed_at
        )
    group by memberships.release_id, memberships.item_id
),

deployed as (
    select distinct
        deployments_as_of.release_id,
        deployment_items.item_id
    from deployments_as_of
    inner join deployment_items
        on deployments_as_of.deployment_id = deployment_items.deployment_id
    where deployments_as_of.is_production
        and deployments_as_of.release_id is not null
),

carried as (
    select
        coalesce(members.release_id, deployed.release_id) as release_id,
        coalesce(members.item_id, deployed.item_id) as item_id,
        members.joined_at
    from members
    full join deployed
        on members.release_id = deployed.release_id
        and members.item_id = deployed.item_id
),

tiers as (
    select
        item_id,
        risk_tier,
        tier_reason
    from item_risk_tiers
)

select
    carried.release_id,
    carried.item_id,
    item_rows.title,
    item_rows.team,
    item_rows.item_type,
    item_rows.system,
    item_rows.user_impact,
    item_rows.data_sensitivity,
    tiers.risk_tier,
    tiers.tier_reason,
    item_rows.feasibility,
    item_rows.constraints,
    item_rows.rollback_criteria,
    item_rows.failure_threshold,
    item_rows.estimate_hours,
    item_rows.story_points,
    carried.joined_at
from carried
inner join item_rows
    on carried.item_id = item_rows.item_id
inner join tiers
    on carried.item_id = tiers.item_id
order by release_id, item_id
