-- name: component_cis
-- about: The configuration items (CI) that items mean by their components.
-- grain: one row per component and CI
-- key: component, ci_id
-- reads: item_components, config_items
-- columns:
--   component  string  A ci_id or a component's name, as items have it.
--   ci_id      string  CI.

-- A component is the CI of that id; where there is none, every CI of that
-- name, as one name may stand in several environments. A component without a
-- row here is no CI. The CMDB carries no dates: it is taken as it stands.

with components as (
    select distinct component
    from item_components
),

ci_rows as (
    select
        ci_id,
        name
    from config_items
),

by_id as (
    select
        components.component,
        ci_rows.ci_id
    from components
    inner join ci_rows
        on components.component = ci_rows.ci_id
),

by_name as (
    select
        components.component,
        ci_rows.ci_id
    from components
    inner join ci_rows
        on components.component = ci_rows.name
    left join by_id
        on components.component = by_id.component
    where by_id.component is null
),

found as (
    select component, ci_id
    from by_id
    union all
    select component, ci_id
    from by_name
)

select
    component,
    ci_id
from found
order by component, ci_id
