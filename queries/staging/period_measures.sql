-- name: period_measures
-- about: Every headline measure of every week, quarter and release.
-- grain: one row per measure and period
-- key: measure, period_kind, period
-- reads: report_periods, calendar, feed_periods, measure_rows
-- columns:
--   measure            string   The measure; see measure_rows.
--   period_kind        string   week, quarter or release.
--   period             string   2026-W27, 2026-Q2 or a release_id.
--   value              double?  The measure; null where nothing can be said.
--   numerator          bigint?  Count above the line; null for a quantile.
--   denominator        bigint   What the value rests on (n).
--   provisional_count  bigint   Rows that may still turn out otherwise.

-- Definition: every rate carries k and n, every duration n; n = 0 gives null,
-- never 0. Of the rows of measure_rows, a share is counted / n, a quantile is
-- of the values (type 7, which percentile_cont is), a count is n. Counts are
-- known, be it as 0, where feed_periods has the period, and null elsewhere:
-- a source that has not begun or has stopped is unknown, not zero.
-- deployment_days of a quarter is the mean of its whole weeks, and n these
-- weeks. A release has the measures of which it has rows.

with periods as (
    select
        period_kind,
        period,
        start_on,
        end_on
    from report_periods
),

days as (
    select distinct week_start
    from calendar
),

known_counts as (
    select
        measure,
        period_kind,
        period
    from feed_periods
),

measures as (
    select
        measure,
        form
    from (
        values
        ('cycle_time_p85', 'p85'),
        ('items_delivered', 'count'),
        ('deployment_count', 'count'),
        ('deployment_days', 'days'),
        ('success_rate', 'share'),
        ('rework_rate', 'share'),
        ('recovery_hours', 'p50'),
        ('aging_past_p85', 'counted'),
        ('scope_after_freeze', 'share'),
        ('estimation_error', 'p50'),
        ('pipeline_failure_rate', 'share')
    ) as listed_measures (measure, form)
),

subject_rows as (
    select
        measure,
        period_kind,
        period,
        value,
        is_counted,
        is_denominator,
        is_provisional
    from measure_rows
),

subject_counts as (
    select
        measure,
        period_kind,
        period,
        count(*) filter (where is_counted) as counted_count,
        count(*) filter (where is_denominator) as row_count,
        count(*) filter (where is_provisional) as provisional_count,
        percentile_cont(0.5) within group (order by value) as p50,
        percentile_cont(0.85) within group (order by value) as p85
    from subject_rows
    group by measure, period_kind, period
),

week_counts as (
    select
        periods.period_kind,
        periods.period,
        count(*) as week_count
    from periods
    inner join days
        on days.week_start >= periods.start_on
        and days.week_start + 6 <= periods.end_on
    where periods.period_kind = 'quarter'
    group by periods.period_kind, periods.period
),

listed_periods as (
    select
        measures.measure,
        measures.form,
        periods.period_kind,
        periods.period
    from measures
    cross join periods
    union all
    select
        measures.measure,
        measures.form,
        subject_counts.period_kind,
        subject_counts.period
    from subject_counts
    inner join measures
        on subject_counts.measure = measures.measure
    where subject_counts.period_kind = 'release'
),

counted_periods as (
    select
        listed_periods.measure,
        listed_periods.form,
        listed_periods.period_kind,
        listed_periods.period,
        listed_periods.period_kind = 'release'
        or known_counts.measure is not null as is_known,
        coalesce(subject_counts.counted_count, 0) as counted_count,
        coalesce(subject_counts.row_count, 0) as row_count,
        coalesce(subject_counts.provisional_count, 0) as provisional_count,
        subject_counts.p50,
        subject_counts.p85,
        week_counts.week_count
    from listed_periods
    left join subject_counts
        on listed_periods.measure = subject_counts.measure
        and listed_periods.period_kind = subject_counts.period_kind
        and listed_periods.period = subject_counts.period
    left join known_counts
        on listed_periods.measure = known_counts.measure
        and listed_periods.period_kind = known_counts.period_kind
        and listed_periods.period = known_counts.period
    left join week_counts
        on listed_periods.period_kind = week_counts.period_kind
        and listed_periods.period = week_counts.period
),

valued_periods as (
    select
        measure,
        period_kind,
        period,
        case
            when form = 'p50' then p50
            when form = 'p85' then p85
            when form = 'share'
                then 1e0 * counted_count / nullif(row_count, 0)
            when form = 'counted' and row_count > 0 then 1e0 * counted_count
            when form = 'count' and is_known then 1e0 * row_count
            when form = 'days' and is_known
                then 1e0 * row_count / coalesce(week_count, 1)
        end as value,
        case
            when form in ('p50', 'p85') then cast(null as bigint)
            when form in ('share', 'counted') then counted_count
            when is_known and form = 'count' then row_count
            when is_known and week_count is null then row_count
        end as numerator,
        case
            when form = 'days' and is_known
                then coalesce(week_count, row_count)
            when form = 'days' then 0
            else row_count
        end as denominator,
        provisional_count
    from counted_periods
)

select
    measure,
    period_kind,
    period,
    value,
    numerator,
    denominator,
    provisional_count
from valued_periods
order by measure, period_kind, period
