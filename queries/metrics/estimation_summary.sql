-- name: estimation_summary
-- about: How well estimates held in the report weeks, by team, type and size.
-- grain: one row per dimension and level
-- key: dimension, level
-- reads: report_weeks, size_bands, estimation_accuracy
-- columns:
--   dimension        string   all, team, item_type or size_band.
--   level            string   The team, type or band; "all" for all.
--   level_position   bigint   Order of the size bands from 1; 0 for others.
--   delivered_count  bigint   Items delivered in the report weeks.
--   item_count       bigint   Of these, with an estimate and effort (n).
--   within_25_count  bigint   Of n, within 25 % of the actual.
--   exact_count      bigint   Of n, estimate and actual are equal.
--   estimate_hours   double?  Median estimate of n.
--   actual_hours     double?  Median effort of n.
--   mdmre            double?  Median |actual - estimate| / actual.
--   mdmre_measured   double?  The same without the exact ones.
--   mmre             double?  Mean of the same; for reference only.
--   pred25_ratio     double?  within_25 / n.
--   bias             double?  Mean ln(actual / estimate); > 0: too low.
--   exact_ratio      double?  exact / n.
--   log_ratio_median  double?  Median ln(actual / estimate) without the exact
--                              ones.

-- Definition, Estimation: "Headline: median |A-E|/A (MdMRE), share within 25 %
-- of the actual (PRED 25), bias = mean ln(A/E), share with A = E exactly
-- (copied, not measured). MMRE for reference only. By team, type and size
-- band." n = 0 gives null. Items without a team, a type or an estimate have a
-- level of their own, so that the levels of a dimension add up to all.

with weeks as (
    select week_start
    from report_weeks
),

bands as (
    select
        size_band,
        band_position
    from size_bands
),

delivered_items as (
    select
        estimation_accuracy.team,
        estimation_accuracy.item_type,
        estimation_accuracy.size_band,
        estimation_accuracy.exclusion,
        estimation_accuracy.estimate_hours,
        estimation_accuracy.actual_hours,
        estimation_accuracy.error_ratio,
        estimation_accuracy.log_ratio,
        estimation_accuracy.is_within_25,
        estimation_accuracy.is_exact
    from estimation_accuracy
    inner join weeks
        on estimation_accuracy.week_start = weeks.week_start
),

item_levels as (
    select
        'all' as dimension,
        'all' as level,
        exclusion, estimate_hours, actual_hours, error_ratio, log_ratio,
        is_within_25, is_exact
    from delivered_items
    union all
    select
        'team' as dimension,
        coalesce(team, '(no team)') as level,
        exclusion, estimate_hours, actual_hours, error_ratio, log_ratio,
        is_within_25, is_exact
    from delivered_items
    union all
    select
        'item_type' as dimension,
        coalesce(item_type, '(no type)') as level,
        exclusion, estimate_hours, actual_hours, error_ratio, log_ratio,
        is_within_25, is_exact
    from delivered_items
    union all
    select
        'size_band' as dimension,
        coalesce(size_band, '(no estimate)') as level,
        exclusion, estimate_hours, actual_hours, error_ratio, log_ratio,
        is_within_25, is_exact
    from delivered_items
),

level_figures as (
    select
        dimension,
        level,
        count(*) as delivered_count,
        count(*) filter (where exclusion is null) as item_count,
        count(*) filter (where is_within_25) as within_25_count,
        count(*) filter (where is_exact) as exact_count,
        median(estimate_hours) filter (
            where exclusion is null
        ) as estimate_hours,
        median(actual_hours) filter (where exclusion is null) as actual_hours,
        median(error_ratio) as mdmre,
        median(error_ratio) filter (where not is_exact) as mdmre_measured,
        avg(error_ratio) as mmre,
        avg(log_ratio) as bias,
        median(log_ratio) filter (where not is_exact) as log_ratio_median
    from item_levels
    group by dimension, level
),

ranked_figures as (
    select
        level_figures.dimension,
        level_figures.level,
        coalesce(bands.band_position, 0) as level_position,
        level_figures.delivered_count,
        level_figures.item_count,
        level_figures.within_25_count,
        level_figures.exact_count,
        level_figures.estimate_hours,
        level_figures.actual_hours,
        level_figures.mdmre,
        level_figures.mdmre_measured,
        level_figures.mmre,
        1e0 * level_figures.within_25_count
        / nullif(level_figures.item_count, 0) as pred25_ratio,
        level_figures.bias,
        1e0 * level_figures.exact_count
        / nullif(level_figures.item_count, 0) as exact_ratio,
        level_figures.log_ratio_median
    from level_figures
    left join bands
        on level_figures.dimension = 'size_band'
        and level_figures.level = bands.size_band
)

select
    dimension,
    level,
    level_position,
    delivered_count,
    item_count,
    within_25_count,
    exact_count,
    estimate_hours,
    actual_hours,
    mdmre,
    mdmre_measured,
    mmre,
    pred25_ratio,
    bias,
    exact_ratio,
    log_ratio_median
from ranked_figures
order by dimension, level
