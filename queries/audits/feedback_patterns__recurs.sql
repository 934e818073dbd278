-- name: feedback_patterns__recurs
-- about: A pattern has as many reports and weeks as it must, and ranks fall
--   with pain.
-- grain: one row per pattern that breaks the claim
-- key: pattern_id
-- reads: feedback_patterns, feedback_limits
-- columns:
--   pattern_id  string  Pattern.

with ordered as (
    select
        pattern_id,
        report_count,
        week_count,
        pain_thousandth,
        lag(pain_thousandth) over (order by pain_rank) as more_pain
    from feedback_patterns
),

limits as (
    select
        min_reports,
        min_weeks
    from feedback_limits
),

broken as (
    select ordered.pattern_id
    from ordered
    cross join limits
    where
        ordered.report_count < limits.min_reports
        or ordered.week_count < limits.min_weeks
        or ordered.pain_thousandth > ordered.more_pain
)

select pattern_id
from broken
order by pattern_id
