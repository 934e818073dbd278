-- name: feedback_patterns
-- about: What recurs in operations, ranked by pain, and whether an open item
--   would answer it.
-- grain: one row per recurring pattern
-- key: pattern_id
-- reads: params, operation_reports, pattern_reports, pattern_items, group_words
-- columns:
--   pattern_id         string     Its first report.
--   label              string     Its words, component and category.
--   words              string?    The words that say most of it.
--   component          string?    Component that most of its reports name.
--   system             string?    System that most of its reports name.
--   category           string?    Category that most of its reports have.
--   example_id         string     The report most like all of them.
--   example            string?    Its text.
--   answer             string     explicit, words or none: see below.
--   report_count       bigint     Reports.
--   incident_count     bigint     Of these, incidents.
--   problem_count      bigint     Problems.
--   user_report_count  bigint     Reports of users.
--   feedback_count     bigint     Rows of feedback.
--   open_count         bigint     Not resolved yet.
--   week_count         bigint     Different weeks.
--   recent_count       bigint?    Reports of the last 13 whole weeks; null where
--                                 the feeds do not speak of them and of the 13
--                                 before.
--   earlier_count      bigint?    Reports of the 13 weeks before.
--   answer_count       bigint     Open items that would answer it.
--   closed_count       bigint     Closed items that its reports name.
--   outage_hours       double?    Hours that its incidents were open; null where
--                                 none has known hours.
--   pain               double     Weighed hours; see operation_reports.
--   pain_thousandth    bigint     The same in thousandths.
--   pain_rank          bigint     1 for the most pain.
--   first_at           timestamp  First report.
--   last_at            timestamp  Last report.

-- Pain is the sum over the reports. Equal pain: more reports first, then the
-- one that came first.
-- answer  explicit  a report names an open item that answers it.
--         words     an open item of the same place says the same.
--         none      nothing open: see drafted_items.
-- A table speaks of the 26 weeks where its first report lies before they
-- begin and its last one not over four weeks before they end. Reports that do
-- not count (satisfied feedback) show that it speaks.

with weeks as (
    select week_start
    from params
),

table_weeks as (
    select
        source_table,
        min(week_start) as first_week,
        max(week_start) as last_week
    from operation_reports
    group by source_table
),

speaking as (
    select
        table_weeks.source_table,
        table_weeks.first_week <= weeks.week_start - 175
        and table_weeks.last_week >= weeks.week_start - 28 as is_known
    from table_weeks
    cross join weeks
),

reports as (
    select
        pattern_reports.pattern_id,
        pattern_reports.report_id,
        pattern_reports.report_kind,
        pattern_reports.system,
        pattern_reports.component,
        pattern_reports.category,
        pattern_reports.text,
        pattern_reports.pain_thousandth,
        pattern_reports.open_seconds,
        pattern_reports.is_open,
        pattern_reports.week_start,
        pattern_reports.reported_at,
        speaking.is_known,
        pattern_reports.week_start <= weeks.week_start
        and pattern_reports.week_start >= weeks.week_start - 84 as is_recent,
        pattern_reports.week_start <= weeks.week_start - 91
        and pattern_reports.week_start >= weeks.week_start - 175 as is_earlier
    from pattern_reports
    cross join weeks
    inner join speaking
        on pattern_reports.source_table = speaking.source_table
    where pattern_reports.pattern_id is not null
),

totals as (
    select
        pattern_id,
        count(*) as report_count,
        count(*) filter (where report_kind = 'incident') as incident_count,
        count(*) filter (where report_kind = 'problem') as problem_count,
        count(*) filter (where report_kind = 'user_report')
            as user_report_count,
        count(*) filter (where report_kind = 'feedback') as feedback_count,
        count(*) filter (where is_open) as open_count,
        count(distinct week_start) as week_count,
        count(*) filter (where is_recent) as recent_count,
        count(*) filter (where is_earlier) as earlier_count,
        cast(
            sum(open_seconds) filter (where report_kind = 'incident') as bigint
        ) as outage_seconds,
        cast(sum(pain_thousandth) as bigint) as pain_thousandth,
        min(case when is_known then 1 else 0 end) = 1 as is_trend_known,
        min(reported_at) as first_at,
        max(reported_at) as last_at
    from reports
    group by pattern_id
),

places as (
    select pattern_id, 'component' as place_kind, component as place
    from reports
    where component is not null
    union all
    select pattern_id, 'system' as place_kind, system as place
    from reports
    where system is not null
    union all
    select pattern_id, 'category' as place_kind, category as place
    from reports
    where category is not null
),

place_counts as (
    select
        pattern_id,
        place_kind,
        place,
        count(*) as place_count
    from places
    group by pattern_id, place_kind, place
),

-- What at least half of the reports say.
common_places as (
    select
        place_counts.pattern_id,
        place_counts.place_kind,
        place_counts.place
    from place_counts
    inner join totals
        on place_counts.pattern_id = totals.pattern_id
    where 2 * place_counts.place_count >= totals.report_count
    qualify row_number() over (
        partition by place_counts.pattern_id, place_counts.place_kind
        order by place_counts.place_count desc, place_counts.place
    ) = 1
),

named_places as (
    select
        pattern_id,
        max(case when place_kind = 'component' then place end) as component,
        max(case when place_kind = 'system' then place end) as system,
        max(case when place_kind = 'category' then place end) as category
    from common_places
    group by pattern_id
),

about as (
    select
        group_words.group_id,
        group_words.example_id,
        group_words.words,
        reports.text as example
    from group_words
    inner join reports
        on group_words.example_id = reports.report_id
),

answers as (
    select
        pattern_id,
        count(*) filter (where is_open) as answer_count,
        count(*) filter (where not is_open) as closed_count,
        count(*) filter (where is_open and basis = 'explicit')
            as explicit_count
    from pattern_items
    group by pattern_id
),

patterns as (
    select
        totals.pattern_id,
        about.words,
        named_places.component,
        named_places.system,
        named_places.category,
        about.example_id,
        about.example,
        case
            when coalesce(answers.explicit_count, 0) > 0 then 'explicit'
            when coalesce(answers.answer_count, 0) > 0 then 'words'
            else 'none'
        end as answer,
        totals.report_count,
        totals.incident_count,
        totals.problem_count,
        totals.user_report_count,
        totals.feedback_count,
        totals.open_count,
        totals.week_count,
        case when totals.is_trend_known then totals.recent_count end
            as recent_count,
        case when totals.is_trend_known then totals.earlier_count end
            as earlier_count,
        coalesce(answers.answer_count, 0) as answer_count,
        coalesce(answers.closed_count, 0) as closed_count,
        totals.outage_seconds / 3600e0 as outage_hours,
        totals.pain_thousandth / 1000e0 as pain,
        totals.pain_thousandth,
        row_number() over (
            order by
                totals.pain_thousandth desc, totals.report_count desc,
                totals.first_at, totals.pattern_id
        ) as pain_rank,
        totals.first_at,
        totals.last_at
    from totals
    inner join about
        on totals.pattern_id = about.group_id
    left join named_places
        on totals.pattern_id = named_places.pattern_id
    left join answers
        on totals.pattern_id = answers.pattern_id
)

select
    pattern_id,
    case
        when words is null and component is null and system is null
            then coalesce(category, 'reports without a word in common')
        else
            coalesce(words, category, 'reports without words')
            || coalesce(' in ' || coalesce(component, system), '')
    end as label,
    words,
    component,
    system,
    category,
    example_id,
    example,
    answer,
    report_count,
    incident_count,
    problem_count,
    user_report_count,
    feedback_count,
    open_count,
    week_count,
    recent_count,
    earlier_count,
    answer_count,
    closed_count,
    outage_hours,
    pain,
    pain_thousandth,
    pain_rank,
    first_at,
    last_at
from patterns
order by pattern_id
