-- name: success_variant_rows
-- about: The rows behind every reading of success in success_variants.
-- grain: one row per measure, variant, period and subject
-- key: measure, variant, period_kind, period, subject_type, subject_id
-- reads: local_days, variant_failures, variant_recoveries,
--   variant_frequencies
-- columns:
--   measure       string   change_fail_rate, recovery_hours, rework_rate,
--                          deployment_frequency, incidents_per_deployment.
--   variant       string   plimsoll, dora, devlake or middleware.
--   period_kind   string   weeks or quarter.
--   period        string   2026-W02/2026-W27 or 2026-Q2.
--   subject_type  string   deployment, incident, week or month.
--   subject_id    string   Which.
--   value         double?  What it brings; null for a recovery still open, or
--                          of which nothing says when it was over.
--   is_counted    boolean  Above the line; for a recovery, that it is over.
--   is_open       boolean  An incident of it is still open at the as-of.
--   occurred_on   date?    Local day of it.

-- The readings themselves: variant_failures, variant_recoveries and
-- variant_frequencies.

with days as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

timed_rows as (
    select
        measure,
        variant,
        period_kind,
        period,
        'deployment' as subject_type,
        deployment_id as subject_id,
        value,
        is_counted,
        false as is_open,
        finished_at as occurred_at
    from variant_failures
    union all
    select
        'recovery_hours' as measure,
        variant,
        period_kind,
        period,
        subject_type,
        subject_id,
        value,
        value is not null as is_counted,
        is_open,
        occurred_at
    from variant_recoveries
),

all_rows as (
    select
        timed_rows.measure,
        timed_rows.variant,
        timed_rows.period_kind,
        timed_rows.period,
        timed_rows.subject_type,
        timed_rows.subject_id,
        timed_rows.value,
        timed_rows.is_counted,
        timed_rows.is_open,
        days.day as occurred_on
    from timed_rows
    left join days
        on cast(timed_rows.occurred_at as date) = days.utc_date
        and timed_rows.occurred_at >= days.start_at
        and timed_rows.occurred_at < days.end_at
    union all
    select
        'deployment_frequency' as measure,
        variant,
        period_kind,
        period,
        subject_type,
        subject_id,
        value,
        value > 0 as is_counted,
        false as is_open,
        occurred_on
    from variant_frequencies
)

select
    measure,
    variant,
    period_kind,
    period,
    subject_type,
    subject_id,
    value,
    is_counted,
    is_open,
    occurred_on
from all_rows
order by measure, variant, period_kind, period, subject_type, subject_id
