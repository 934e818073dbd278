-- name: success_readings
-- about: Who reads success how, and in what each differs from this product.
-- grain: one row per measure and variant
-- key: measure, variant
-- reads: params
-- columns:
--   measure  string  As in success_variants.
--   variant  string  plimsoll, dora, devlake or middleware.
--   reason   string  How the reading differs from this product's.

-- The readings themselves, with their sources: variant_failures,
-- variant_recoveries and variant_frequencies. A tool that has no such measure
-- is named all the same, so that nobody looks for it.

with one as (
    select as_of
    from params
),

readings as (
    select
        'change_fail_rate' as measure,
        'plimsoll' as variant,
        'Our reading: result, rollback, hotfix, or an incident '
        || 'within the window; a deployment fails once.' as reason
    from one
    union all
    select
        'change_fail_rate' as measure,
        'dora' as variant,
        'Only what needed intervention counts: its result, a '
        || 'rollback or a hotfix. An incident alone is no failure, and '
        || 'systems without an incident feed count too.' as reason
    from one
    union all
    select
        'change_fail_rate' as measure,
        'devlake' as variant,
        'Only incidents count, each laid to the last successful '
        || 'deployment before it, of any system and without a window. '
        || 'Failed deployments are in neither part.' as reason
    from one
    union all
    select
        'change_fail_rate' as measure,
        'middleware' as variant,
        'Only incidents opened in the period count, each laid to '
        || 'the last deployment of the period before it; deployments '
        || 'of every result are below the line, cancelled ones too.' as reason
    from one
    union all
    select
        'recovery_hours' as measure,
        'plimsoll' as variant,
        'Our reading: median from the end of a failed deployment to '
        || 'restoration; open ones stand beside it.' as reason
    from one
    union all
    select
        'recovery_hours' as measure,
        'dora' as variant,
        'The same clock, of deployments that needed intervention '
        || 'alone.' as reason
    from one
    union all
    select
        'recovery_hours' as measure,
        'devlake' as variant,
        'Median over incidents, not deployments, from the end of '
        || 'the deployment before each to its resolution; of two '
        || 'middle ones the lower.' as reason
    from one
    union all
    select
        'recovery_hours' as measure,
        'middleware' as variant,
        'Mean, not median, over the incidents resolved in the '
        || 'period, from opened to resolved, whatever caused them.' as reason
    from one
    union all
    select
        'rework_rate' as measure,
        'plimsoll' as variant,
        'Our reading: deployments that answer an incident or '
        || 'another deployment.' as reason
    from one
    union all
    select
        'rework_rate' as measure,
        'dora' as variant,
        'Only what answers an incident counts; taking back a '
        || 'deployment without one does not.' as reason
    from one
    union all
    select
        'rework_rate' as measure,
        'devlake' as variant,
        'DevLake has no such measure.' as reason
    from one
    union all
    select
        'rework_rate' as measure,
        'middleware' as variant,
        'Middleware has no such measure.' as reason
    from one
    union all
    select
        'deployment_frequency' as measure,
        'plimsoll' as variant,
        'Our reading: days with a completed deployment, mean of '
        || 'whole weeks.' as reason
    from one
    union all
    select
        'deployment_frequency' as measure,
        'dora' as variant,
        'Deployments are counted, not days; mean of whole weeks.' as reason
    from one
    union all
    select
        'deployment_frequency' as measure,
        'devlake' as variant,
        'Lower median, not mean, of days by UTC; failed deployments '
        || 'are left out, weeks cut by the edge of the period are '
        || 'not.' as reason
    from one
    union all
    select
        'deployment_frequency' as measure,
        'middleware' as variant,
        'Successful deployments are counted, not days; weeks cut by '
        || 'the edge of the period are in the mean.' as reason
    from one
    union all
    select
        'incidents_per_deployment' as measure,
        'plimsoll' as variant,
        'Our reading: incidents within the window for each '
        || 'deployment of a system with an incident feed.' as reason
    from one
)

select
    measure,
    variant,
    reason
from readings
order by measure, variant
