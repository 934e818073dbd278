-- name: rule_candidates__recommended_is_found_twice
-- about: What is recommended was found on the earlier releases and again on the later ones.
-- grain: one row per rule that breaks the claim
-- key: rule_id
-- reads: rule_candidates
-- columns:
--   rule_id  string  Rule.

-- What is recommended was chosen by the earlier releases, is a discovery among
-- all tried, has the same sign in both parts, and an interval without zero.

select rule_id
from rule_candidates
where verdict = 'recommended'
    and not coalesce(
        is_chosen
        and is_discovery
        and p_value <= p_limit
        and judge_lower * judge_upper > 0e0
        and fit_effect * judge_effect >= 0e0,
        false
    )
order by rule_id
