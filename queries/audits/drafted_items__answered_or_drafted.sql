-- name: drafted_items__answered_or_drafted
-- about: Every pattern is answered by an open item or has a draft, never both.
-- grain: one row per pattern that breaks the claim
-- key: pattern_id
-- reads: feedback_patterns, pattern_items, drafted_items
-- columns:
--   pattern_id  string  Pattern.

with patterns as (
    select pattern_id
    from feedback_patterns
),

answered as (
    select distinct pattern_id
    from pattern_items
    where is_open
),

drafted as (
    select pattern_id
    from drafted_items
),

broken as (
    select patterns.pattern_id
    from patterns
    left join answered
        on patterns.pattern_id = answered.pattern_id
    left join drafted
        on patterns.pattern_id = drafted.pattern_id
    where (answered.pattern_id is null) = (drafted.pattern_id is null)
)

select pattern_id
from broken
order by pattern_id
