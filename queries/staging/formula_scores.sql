-- name: formula_scores
-- about: The score of each item by the formula alone: of every item by the
--   weights in force, of open items under each change of weights too.
-- grain: one row per scenario and item
-- key: scenario, item_id
-- reads: score_scenarios, item_values, aging
-- columns:
--   scenario       string   now, or the part and by how much it is changed.
--   item_id        string   Tracker key.
--   unknown_count  bigint   Parts that nobody knows, the size among them.
--   size           double?  What the score is divided by; null where unknown.
--   score          double?  The score; null where a part is unknown.

-- weights: the sum of weight times value. wsjf: that sum by the size (cost of
-- delay by job size). rice: reach, impact and confidence multiplied, each to
-- the power of its weight, by the size; with weights of 1 it is the product. A
-- size below a millionth and a factor below 0 are unknown. What
-- accepted rules add or take is no part of the formula: scenario_scores adds it.

with scenario_parts as (
    select
        scenario,
        part,
        preset,
        weight,
        size
    from score_scenarios
),

open_items as (
    select item_id
    from aging
),

stated_values as (
    select
        item_id,
        business_value,
        time_criticality,
        risk_exposure,
        regulatory_impact,
        reach,
        confidence,
        story_points,
        estimate_hours
    from item_values
),

item_parts as (
    select
        scenario_parts.scenario,
        scenario_parts.part,
        scenario_parts.preset,
        scenario_parts.weight,
        stated_values.item_id,
        case scenario_parts.part
            when 'business_value' then stated_values.business_value
            when 'impact' then stated_values.business_value
            when 'time_criticality' then stated_values.time_criticality
            when 'risk_exposure' then stated_values.risk_exposure
            when 'regulatory_impact' then stated_values.regulatory_impact
            when 'reach' then stated_values.reach
            when 'confidence' then stated_values.confidence
        end as stated_value,
        case scenario_parts.size
            when 'story_points' then stated_values.story_points
            when 'estimate_hours' then stated_values.estimate_hours
            else 1e0
        end as stated_size
    from scenario_parts
    cross join stated_values
    left join open_items
        on stated_values.item_id = open_items.item_id
    where scenario_parts.scenario = 'now'
        or open_items.item_id is not null
),

known_parts as (
    select
        scenario,
        preset,
        weight,
        item_id,
        case
            when preset <> 'rice' or stated_value >= 0e0 then stated_value
        end as stated_value,
        case when stated_size >= 1e-6 then stated_size end as size
    from item_parts
),

sums as (
    select
        scenario,
        item_id,
        preset,
        size,
        count(*) filter (where stated_value is null)
        + case when size is null then 1 else 0 end as unknown_count,
        sum(weight * stated_value) as weighted_sum,
        sum(
            case
                when preset = 'rice' and stated_value > 0e0
                    then weight * ln(stated_value)
            end
        ) as log_product,
        count(*) filter (where stated_value = 0e0 and weight > 0e0)
            as zero_count
    from known_parts
    group by scenario, item_id, preset, size
)

select
    scenario,
    item_id,
    cast(unknown_count as bigint) as unknown_count,
    size,
    case
        when unknown_count > 0 then cast(null as double)
        when preset <> 'rice' then weighted_sum / nullif(size, 0e0)
        when zero_count > 0 then 0e0
        else exp(coalesce(log_product, 0e0)) / nullif(size, 0e0)
    end as score
from sums
order by scenario, item_id
