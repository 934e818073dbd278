-- name: release_systems
-- about: The systems that each release touches.
-- grain: one row per release and system
-- key: release_id, system
-- reads: release_moments, release_scope, item_components, component_cis,
--   config_items, production_deployments
-- columns:
--   release_id  string  Release.
--   system      string  System.

-- Its own system, those of its items and of the configuration items that they
-- name, and those that its production deployments change. A release that was
-- called off before it shipped touches none.

with release_rows as (
    select
        release_id,
        system
    from release_moments
    where not is_called_off
),

scope as (
    select
        release_scope.release_id,
        release_scope.item_id,
        release_scope.system
    from release_scope
    inner join release_rows
        on release_scope.release_id = release_rows.release_id
),

components as (
    select
        item_id,
        component
    from item_components
),

matches as (
    select
        component,
        ci_id
    from component_cis
),

ci_rows as (
    select
        ci_id,
        system
    from config_items
),

listed_systems as (
    select
        release_id,
        system
    from release_rows
    union all
    select
        release_id,
        system
    from scope
    union all
    select
        scope.release_id,
        ci_rows.system
    from scope
    inner join components
        on scope.item_id = components.item_id
    inner join matches
        on components.component = matches.component
    inner join ci_rows
        on matches.ci_id = ci_rows.ci_id
    union all
    select
        release_id,
        system
    from production_deployments
)

select distinct
    release_id,
    system
from listed_systems
where release_id is not null and system is not null
order by release_id, system
