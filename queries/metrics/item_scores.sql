-- name: item_scores
-- about: The score of each open item, taken apart.
-- grain: one row per open item
-- key: item_id
-- reads: scoring, scenario_scores, item_values, aging, item_rule_points
-- columns:
--   item_id                 string   Tracker key.
--   title                   string?  Title.
--   team                    string?  Team.
--   item_type               string?  feature, defect, hotfix, ...
--   release_name            string?  Release it is planned for.
--   preset                  string   weights, wsjf or rice.
--   score_rank              bigint?  1 for the highest score; null if unknown.
--   score                   double?  The score; null where a part is unknown.
--   business_value_part     double?  What business value adds to the score.
--   time_criticality_part   double?  What time criticality adds.
--   risk_exposure_part      double?  What risk exposure adds.
--   regulatory_impact_part  double?  What regulatory impact adds.
--   reach_factor            double?  rice: reach, to the power of its weight.
--   impact_factor           double?  rice: business value, likewise.
--   confidence_factor       double?  rice: confidence, likewise.
--   size                    double?  What the score is divided by; 1 for weights.
--   unknown_count           bigint   Parts that nobody knows.
--   unknown_parts           string?  Their names.
--   source_url              string?  The item in its tracker.
--   rules_part              double?  What accepted rules add; null where none
--                                    speaks of the item.
--   unknown_rule_count      bigint   Accepted rules of which nobody knows whether
--                                    they match the item; they add nothing.

-- coverage.md 1.2. scenario_scores has the formulas. Parts of weights and wsjf
-- add up to the score; the factors of rice, multiplied and divided by the size,
-- are it. A part that does not take part is null, and so is one that nobody
-- knows, which unknown_parts names: then the score is unknown too, not smaller.
-- rules_part is added to either; item_rule_points has it rule by rule.

with weights as (
    select
        max(preset) as preset,
        max(size) as size_name,
        max(weight) filter (where part = 'business_value') as business_value,
        max(weight) filter (where part = 'time_criticality')
            as time_criticality,
        max(weight) filter (where part = 'risk_exposure') as risk_exposure,
        max(weight) filter (where part = 'regulatory_impact')
            as regulatory_impact,
        max(weight) filter (where part = 'reach') as reach,
        max(weight) filter (where part = 'impact') as impact,
        max(weight) filter (where part = 'confidence') as confidence
    from scoring
),

scores as (
    select
        item_id,
        unknown_count,
        size,
        score,
        score_rank
    from scenario_scores
    where scenario = 'now'
),

stated_values as (
    select
        item_id,
        business_value,
        time_criticality,
        risk_exposure,
        regulatory_impact,
        reach,
        confidence
    from item_values
),

rule_points as (
    select
        item_id,
        sum(points) as points,
        count(*) filter (where is_matched is null) as unknown_count
    from item_rule_points
    group by item_id
),

open_items as (
    select
        item_id,
        title,
        team,
        item_type,
        release_name,
        source_url
    from aging
),

scored_items as (
    select
        open_items.item_id,
        open_items.title,
        open_items.team,
        open_items.item_type,
        open_items.release_name,
        open_items.source_url,
        weights.preset,
        scores.score_rank,
        scores.score,
        scores.size,
        scores.unknown_count,
        rule_points.points as rules_part,
        coalesce(rule_points.unknown_count, 0) as unknown_rule_count,
        weights.business_value * stated_values.business_value
        / nullif(scores.size, 0e0) as business_value_part,
        weights.time_criticality * stated_values.time_criticality
        / nullif(scores.size, 0e0) as time_criticality_part,
        weights.risk_exposure * stated_values.risk_exposure
        / nullif(scores.size, 0e0) as risk_exposure_part,
        weights.regulatory_impact * stated_values.regulatory_impact
        / nullif(scores.size, 0e0) as regulatory_impact_part,
        case when stated_values.reach >= 0e0
            then power(stated_values.reach, weights.reach)
        end as reach_factor,
        case when stated_values.business_value >= 0e0
            then power(stated_values.business_value, weights.impact)
        end as impact_factor,
        case when stated_values.confidence >= 0e0
            then power(stated_values.confidence, weights.confidence)
        end as confidence_factor,
        case
            when weights.business_value is not null
                and stated_values.business_value is null
                then ', business value'
            else ''
        end
        || case
            when weights.time_criticality is not null
                and stated_values.time_criticality is null
                then ', time criticality'
            else ''
        end
        || case
            when weights.risk_exposure is not null
                and stated_values.risk_exposure is null
                then ', risk exposure'
            else ''
        end
        || case
            when weights.regulatory_impact is not null
                and stated_values.regulatory_impact is null
                then ', regulatory impact'
            else ''
        end
        || case
            when weights.reach is not null and stated_values.reach is null
                then ', reach (user impact)'
            else ''
        end
        || case
            when weights.impact is not null
                and coalesce(stated_values.business_value, -1e0) < 0e0
                then ', impact (business value)'
            else ''
        end
        || case
            when weights.confidence is not null
                and stated_values.confidence is null
                then ', confidence (feasibility)'
            else ''
        end
        || case
            when scores.size is not null then ''
            when weights.size_name = 'story_points' then ', story points'
            else ', estimate'
        end as listed_parts
    from scores
    cross join weights
    inner join open_items
        on scores.item_id = open_items.item_id
    inner join stated_values
        on scores.item_id = stated_values.item_id
    left join rule_points
        on scores.item_id = rule_points.item_id
)

select
    item_id,
    title,
    team,
    item_type,
    release_name,
    preset,
    score_rank,
    score,
    business_value_part,
    time_criticality_part,
    risk_exposure_part,
    regulatory_impact_part,
    reach_factor,
    impact_factor,
    confidence_factor,
    size,
    unknown_count,
    nullif(regexp_replace(listed_parts, '^, ', ''), '') as unknown_parts,
    source_url,
    rules_part,
    cast(unknown_rule_count as bigint) as unknown_rule_count
from scored_items
order by item_id
