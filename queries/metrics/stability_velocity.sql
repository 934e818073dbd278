-- name: stability_velocity
-- about: Where each quarter's effort went, beside how often changes failed.
-- grain: one row per quarter
-- key: quarter
-- reads: report_periods, quarter_spans, quarterly_effort, quarterly_measures
-- columns:
--   quarter               string   2026-Q2, or undated.
--   feature_hours         double?  Hours on features.
--   defect_hours          double?  Hours on defects and hotfixes.
--   debt_hours            double?  Hours on debt.
--   infrastructure_hours  double?  Hours on infrastructure.
--   compliance_hours      double?  Hours on compliance.
--   untyped_hours         double?  On items without a type, or in no export.
--   all_hours             double?  Their sum; null where no hours are known.
--   feature_share         double?  feature_hours / all_hours.
--   defect_share          double?  Likewise.
--   debt_share            double?  Likewise.
--   infrastructure_share  double?  Likewise.
--   compliance_share      double?  Likewise.
--   untyped_share         double?  Likewise.
--   deployment_count      bigint?  Deployments that success is known of.
--   failed_count          bigint?  Of these, failed.
--   change_fail_share     double?  failed_count / deployment_count.
--   provisional_count     bigint?  Of these, may still turn out otherwise.
--   is_partial            boolean  The as-of cuts the quarter short.

-- coverage.md 1.4. The failures are those of the measure success_rate in
-- quarterly_measures, which has whole quarters alone: a quarter cut short has no
-- failure rate here. A quarter before the first or after the last day of effort
-- has unknown hours. Hours without a day are undated.

with periods as (
    select period as quarter
    from report_periods
    where period_kind = 'quarter'
),

spans as (
    select
        quarter,
        is_partial
    from quarter_spans
),

spent as (
    select
        quarter,
        case
            when item_type in ('defect', 'hotfix') then 'defect'
            when
                item_type in (
                    'feature', 'debt', 'infrastructure', 'compliance'
                )
                then item_type
            else 'untyped'
        end as work,
        seconds
    from quarterly_effort
),

sums as (
    select
        quarter,
        sum(case when work = 'feature' then seconds else 0 end) as feature,
        sum(case when work = 'defect' then seconds else 0 end) as defect,
        sum(case when work = 'debt' then seconds else 0 end) as debt,
        sum(case when work = 'infrastructure' then seconds else 0 end)
            as infrastructure,
        sum(case when work = 'compliance' then seconds else 0 end)
            as compliance,
        sum(case when work = 'untyped' then seconds else 0 end) as untyped,
        sum(seconds) as seconds
    from spent
    group by quarter
),

outcomes as (
    select
        quarter,
        denominator as deployment_count,
        denominator - numerator as failed_count,
        provisional_count
    from quarterly_measures
    where measure = 'success_rate'
),

quarters as (
    select quarter
    from periods
    union
    select quarter
    from sums
)

select
    quarters.quarter,
    sums.feature / 3600e0 as feature_hours,
    sums.defect / 3600e0 as defect_hours,
    sums.debt / 3600e0 as debt_hours,
    sums.infrastructure / 3600e0 as infrastructure_hours,
    sums.compliance / 3600e0 as compliance_hours,
    sums.untyped / 3600e0 as untyped_hours,
    sums.seconds / 3600e0 as all_hours,
    1e0 * sums.feature / nullif(sums.seconds, 0) as feature_share,
    1e0 * sums.defect / nullif(sums.seconds, 0) as defect_share,
    1e0 * sums.debt / nullif(sums.seconds, 0) as debt_share,
    1e0 * sums.infrastructure / nullif(sums.seconds, 0)
        as infrastructure_share,
    1e0 * sums.compliance / nullif(sums.seconds, 0) as compliance_share,
    1e0 * sums.untyped / nullif(sums.seconds, 0) as untyped_share,
    outcomes.deployment_count,
    outcomes.failed_count,
    1e0 * outcomes.failed_count / nullif(outcomes.deployment_count, 0)
        as change_fail_share,
    outcomes.provisional_count,
    coalesce(spans.is_partial, false) as is_partial
from quarters
left join sums
    on quarters.quarter = sums.quarter
left join outcomes
    on quarters.quarter = outcomes.quarter
left join spans
    on quarters.quarter = spans.quarter
order by quarter
