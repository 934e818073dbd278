-- name: drafted_items
-- about: A drafted backlog item for each recurring pattern that no open item
--   would answer.
-- grain: one row per pattern without an answer
-- key: pattern_id
-- reads: local_days, feedback_patterns
-- columns:
--   pattern_id      string   Pattern.
--   title           string   Drafted title.
--   description     string   What was reported, how often and since when.
--   item_type       string   defect.
--   system          string?  System.
--   component       string?  Component.
--   business_value  double?  Always null: nobody has said what it is worth.
--   report_count    bigint   Reports behind it.
--   pain_rank       bigint   Rank of the pattern.

-- A draft is to be read before it is imported: it says what was reported and
-- nothing about the cause.

with patterns as (
    select
        pattern_id,
        label,
        system,
        component,
        category,
        example_id,
        example,
        report_count,
        incident_count,
        problem_count,
        user_report_count,
        feedback_count,
        week_count,
        closed_count,
        outage_hours,
        pain_rank,
        first_at,
        last_at
    from feedback_patterns
    where answer = 'none'
),

days as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

dated as (
    select
        patterns.pattern_id,
        patterns.label,
        patterns.system,
        patterns.component,
        patterns.category,
        patterns.example_id,
        patterns.example,
        patterns.report_count,
        patterns.incident_count,
        patterns.problem_count,
        patterns.user_report_count,
        patterns.feedback_count,
        patterns.week_count,
        patterns.closed_count,
        patterns.outage_hours,
        patterns.pain_rank,
        first_days.day as first_day,
        last_days.day as last_day
    from patterns
    inner join days as first_days
        on cast(patterns.first_at as date) = first_days.utc_date
        and patterns.first_at >= first_days.start_at
        and patterns.first_at < first_days.end_at
    inner join days as last_days
        on cast(patterns.last_at as date) = last_days.utc_date
        and patterns.last_at >= last_days.start_at
        and patterns.last_at < last_days.end_at
)

select
    pattern_id,
    'Recurring: ' || label as title,
    cast(report_count as string) || ' reports in '
    || cast(week_count as string) || ' weeks, from '
    || cast(first_day as string) || ' to ' || cast(last_day as string)
    || ' (incidents: ' || cast(incident_count as string)
    || ', problems: ' || cast(problem_count as string)
    || ', user reports: ' || cast(user_report_count as string)
    || ', feedback: ' || cast(feedback_count as string) || ').'
    || coalesce(
        ' Incidents were open for '
        || cast(cast(round(outage_hours) as bigint) as string)
        || ' hours together.',
        ''
    )
    || coalesce(' Category: ' || category || '.', '')
    || case
        when closed_count > 0 then
            ' Closed items that reports name: '
            || cast(closed_count as string) || '.'
        else ''
    end
    || coalesce(' For example ' || example_id || ': ' || example, '')
        as description,
    'defect' as item_type,
    system,
    component,
    cast(null as double) as business_value,
    report_count,
    pain_rank
from dated
order by pattern_id
