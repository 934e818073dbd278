-- name: item_values
-- about: What each item is worth and how large it is, as scores read it.
-- grain: one row per item
-- key: item_id
-- reads: items, items_as_of
-- columns:
--   item_id            string   Tracker key.
--   business_value     double?  Business value, as the export states it.
--   time_criticality   double?  Time criticality.
--   risk_exposure      double?  Risk exposure.
--   regulatory_impact  double?  Regulatory impact.
--   reach              double?  User impact: low 1, medium 2, high 3.
--   confidence         double?  Feasibility: feasible 1, unknown 0.5, else 0.
--   story_points       double?  Estimated size. Rewound.
--   estimate_hours     double?  Estimated effort. Rewound.

-- The contract knows neither how many people an item reaches nor how sure one
-- is of it: user impact and feasibility stand for them.

with item_rows as (
    select
        item_id,
        user_impact,
        feasibility,
        story_points,
        estimate_hours
    from items_as_of
),

stated_values as (
    select
        item_id,
        business_value,
        time_criticality,
        risk_exposure,
        regulatory_impact
    from items
)

select
    item_rows.item_id,
    case when abs(stated_values.business_value) < 1e12
        then stated_values.business_value
    end as business_value,
    case when abs(stated_values.time_criticality) < 1e12
        then stated_values.time_criticality
    end as time_criticality,
    case when abs(stated_values.risk_exposure) < 1e12
        then stated_values.risk_exposure
    end as risk_exposure,
    case when abs(stated_values.regulatory_impact) < 1e12
        then stated_values.regulatory_impact
    end as regulatory_impact,
    case item_rows.user_impact
        when 'low' then 1e0
        when 'medium' then 2e0
        when 'high' then 3e0
    end as reach,
    case item_rows.feasibility
        when 'feasible' then 1e0
        when 'unknown' then 0.5e0
        when 'infeasible' then 0e0
    end as confidence,
    case when abs(item_rows.story_points) < 1e12
        then item_rows.story_points
    end as story_points,
    case when abs(item_rows.estimate_hours) < 1e12
        then item_rows.estimate_hours
    end as estimate_hours
from item_rows
inner join stated_values
    on item_rows.item_id = stated_values.item_id
order by item_id
