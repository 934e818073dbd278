-- name: item_scores__parts_add_up
-- about: The parts of a score make the score, and a score has no unknown part.
-- grain: one row that breaks the claim
-- key: item_id
-- reads: item_scores
-- columns:
--   item_id  string  Tracker key.

with scores as (
    select
        item_id,
        preset,
        score,
        size,
        unknown_count,
        unknown_parts,
        coalesce(business_value_part, 0e0)
        + coalesce(time_criticality_part, 0e0)
        + coalesce(risk_exposure_part, 0e0)
        + coalesce(regulatory_impact_part, 0e0)
        + coalesce(rules_part, 0e0) as part_sum,
        reach_factor * impact_factor * confidence_factor
        / nullif(size, 0e0) + coalesce(rules_part, 0e0) as product
    from item_scores
)

select item_id
from scores
where
    (score is null) <> (unknown_count > 0)
    or (unknown_parts is null) <> (unknown_count = 0)
    or (
        preset <> 'rice'
        and abs(score) < 1e300
        and abs(score - part_sum) > 1e-9 * greatest(abs(score), 1e0)
    )
    or (
        preset = 'rice'
        and score < 1e300
        and coalesce(abs(score - product), 1e0)
        > 1e-9 * greatest(abs(score), 1e0)
    )
order by item_id
