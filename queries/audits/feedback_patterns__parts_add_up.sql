-- name: feedback_patterns__parts_add_up
-- about: Every report of trouble is in one pattern or in none, and what a
--   pattern counts and weighs is what its reports do.
-- grain: one row per pattern that breaks the claim
-- key: pattern_id
-- reads: feedback_patterns, pattern_reports, operation_reports
-- columns:
--   pattern_id    string   Pattern, or "(all reports)".
--   report_count  bigint?  As the pattern says.
--   found_count   bigint?  As its reports say.

with patterns as (
    select
        pattern_id, report_count, incident_count, problem_count,
        user_report_count, feedback_count, pain_thousandth
    from feedback_patterns
),

reports as (
    select
        pattern_id,
        count(*) as report_count,
        cast(sum(pain_thousandth) as bigint) as pain_thousandth
    from pattern_reports
    where pattern_id is not null
    group by pattern_id
),

compared as (
    select
        coalesce(patterns.pattern_id, reports.pattern_id) as pattern_id,
        patterns.report_count,
        reports.report_count as found_count,
        patterns.report_count is not distinct from reports.report_count
        and patterns.pain_thousandth is not distinct
        from reports.pain_thousandth
        and patterns.report_count = patterns.incident_count
        + patterns.problem_count + patterns.user_report_count
        + patterns.feedback_count as is_sound
    from patterns
    full join reports
        on patterns.pattern_id = reports.pattern_id
),

counted_reports as (
    select count(*) as found_count
    from pattern_reports
),

all_reports as (
    select count(*) as report_count
    from operation_reports
    where exclusion is null
),

broken as (
    select
        pattern_id,
        report_count,
        found_count
    from compared
    where is_sound is distinct from true
    union all
    select
        '(all reports)' as pattern_id,
        all_reports.report_count,
        counted_reports.found_count
    from all_reports
    cross join counted_reports
    where all_reports.report_count <> counted_reports.found_count
)

select
    pattern_id,
    report_count,
    found_count
from broken
order by pattern_id
