-- name: present_scores
-- about: The score that each item has by the present weights, open or not.
-- grain: one row per item
-- key: item_id
-- reads: scoring, item_values
-- columns:
--   item_id         string   Tracker key.
--   business_value  double?  Business value.
--   score           double?  The score; null where a part is unknown.

-- scenario_scores has the formulas and scores what is open; here they are laid on
-- the past: what the present scoring would have put last. No log carries the
-- values: they are taken as they stand. Rounded to nine digits, so that the last
-- bit of a sum makes no order.

with parts as (
    select
        part,
        preset,
        weight,
        size
    from scoring
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
        stated_values.item_id,
        parts.preset,
        parts.weight,
        case parts.part
            when 'business_value' then stated_values.business_value
            when 'impact' then stated_values.business_value
            when 'time_criticality' then stated_values.time_criticality
            when 'risk_exposure' then stated_values.risk_exposure
            when 'regulatory_impact' then stated_values.regulatory_impact
            when 'reach' then stated_values.reach
            when 'confidence' then stated_values.confidence
        end as stated_value,
        case parts.size
            when 'story_points' then stated_values.story_points
            when 'estimate_hours' then stated_values.estimate_hours
            else 1e0
        end as stated_size
    from stated_values
    cross join parts
),

sums as (
    select
        item_id,
        preset,
        count(*) filter (
            where stated_value is null
                or (preset = 'rice' and stated_value < 0e0)
                or not coalesce(stated_size >= 1e-6, false)
        ) as unknown_count,
        max(stated_size) as size,
        sum(weight * stated_value) as weighted_sum,
        sum(
            case
                when preset = 'rice' and stated_value > 0e0
                    then weight * ln(stated_value)
            end
        ) as log_product,
        count(*) filter (where stated_value = 0e0 and weight > 0e0)
            as zero_count
    from item_parts
    group by item_id, preset
)

select
    stated_values.item_id,
    stated_values.business_value,
    round(
        case
            when sums.unknown_count > 0 then cast(null as double)
            when sums.preset <> 'rice'
                then sums.weighted_sum / nullif(sums.size, 0e0)
            when sums.zero_count > 0 then 0e0
            else exp(coalesce(sums.log_product, 0e0))
                / nullif(sums.size, 0e0)
        end,
        9
    ) as score
from stated_values
left join sums
    on stated_values.item_id = sums.item_id
order by item_id
