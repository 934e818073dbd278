-- name: pattern_reports
-- about: Every report of trouble from operations and users, and the recurring
--   pattern that it belongs to.
-- grain: one row per report
-- key: report_id
-- reads: feedback_limits, operation_reports, report_groups
-- columns:
--   report_id        string      incident/ or feedback/, and the source's id.
--   pattern_id       string?     First report of its pattern; null for none.
--   group_id         string      First report of those alike.
--   standing         string      recurring, or why it is in no pattern.
--   compared_within  string      With which others it was compared; see below.
--   source_table     string      incidents or feedback.
--   source_id        string      The source's own id.
--   report_kind      string      incident, problem, user_report or feedback.
--   system           string?     System that suffered.
--   component        string?     Configuration item that suffered.
--   category         string?     The source's own word.
--   text             string?     Summary or comment.
--   item_id          string?     Item that answers it.
--   about_item_id    string?     Item that feedback is about.
--   release_id       string?     Release that it is tied to.
--   deployment_id    string?     Deployment that it is attributed to.
--   severity         bigint?     1 the worst, 5 the least, of an incident.
--   score            bigint?     1 to 5, of feedback.
--   group_size       bigint      How many reports are alike.
--   group_weeks      bigint      In how many weeks they came.
--   pain             double      Weighed hours.
--   pain_thousandth  bigint      The same in thousandths.
--   open_seconds     bigint?     Seconds that an incident was open.
--   is_open          boolean     Not resolved.
--   week_start       date        Monday of its local week.
--   reported_at      timestamp   When it was opened or given.

-- coverage.md, 7.6: "recurring patterns, ranked by pain". A group of reports
-- that are alike is a pattern from min_reports reports in min_weeks different
-- weeks on. What is alike the program finds by words, component and category;
-- report_groups has the result.
-- standing  recurring           in a pattern.
--           too_few             fewer reports alike than a pattern has.
--           one_week            enough, but in too few weeks.
--           nothing_to_compare  neither words, nor category and component.
-- compared_within  all, or where there were too many to compare each with
--   each: category and component, or category, component and time. no words:
--   with those that have no words either. nothing: with none.

with limits as (
    select
        min_reports,
        min_weeks
    from feedback_limits
),

reports as (
    select
        report_id, source_table, source_id, report_kind, system, component,
        category, text, item_id, about_item_id, release_id, deployment_id,
        severity, score, pain_thousandth, open_seconds, is_open, week_start,
        reported_at
    from operation_reports
    where exclusion is null
),

grouped as (
    select
        report_id,
        group_id,
        compared_within
    from report_groups
),

group_sizes as (
    select
        grouped.group_id,
        count(*) as group_size,
        count(distinct reports.week_start) as group_weeks
    from grouped
    inner join reports
        on grouped.report_id = reports.report_id
    group by grouped.group_id
),

judged as (
    select
        reports.report_id,
        grouped.group_id,
        case
            when
                group_sizes.group_size >= limits.min_reports
                and group_sizes.group_weeks >= limits.min_weeks
                then 'recurring'
            when group_sizes.group_size >= limits.min_reports then 'one_week'
            when grouped.compared_within = 'nothing' then 'nothing_to_compare'
            else 'too_few'
        end as standing,
        grouped.compared_within,
        reports.source_table,
        reports.source_id,
        reports.report_kind,
        reports.system,
        reports.component,
        reports.category,
        reports.text,
        reports.item_id,
        reports.about_item_id,
        reports.release_id,
        reports.deployment_id,
        reports.severity,
        reports.score,
        group_sizes.group_size,
        group_sizes.group_weeks,
        reports.pain_thousandth,
        reports.open_seconds,
        reports.is_open,
        reports.week_start,
        reports.reported_at
    from reports
    cross join limits
    inner join grouped
        on reports.report_id = grouped.report_id
    inner join group_sizes
        on grouped.group_id = group_sizes.group_id
)

select
    report_id,
    case when standing = 'recurring' then group_id end as pattern_id,
    group_id,
    standing,
    compared_within,
    source_table,
    source_id,
    report_kind,
    system,
    component,
    category,
    text,
    item_id,
    about_item_id,
    release_id,
    deployment_id,
    severity,
    score,
    group_size,
    group_weeks,
    pain_thousandth / 1000e0 as pain,
    pain_thousandth,
    open_seconds,
    is_open,
    week_start,
    reported_at
from judged
order by report_id
