-- about: Estimate against time spent. Over and under say whether the estimate
--   was; the ratios are over tasks where both are positive.
-- expected: exports/expected/brightsquid.json
-- compare: both_count = /both
-- compare: both_positive_count = /both_positive
-- compare: exact_count = /exact
-- compare: over_count = /over
-- compare: under_count = /under
-- compare: mmre = /mmre +- 0.00005
-- compare: within_25_ratio = /pred25_vs_actual +- 0.00005
-- compare: median_ratio = /median_ratio +- 0.00005
-- compare: mean_ratio = /mean_ratio +- 0.00005
with spent as (
    select
        item_id,
        sum(hours) as actual_hours
    from effort
    group by item_id
),

pairs as (
    select
        items.estimate_hours,
        spent.actual_hours,
        items.estimate_hours > 0 and spent.actual_hours > 0 as is_positive,
        abs(spent.actual_hours - items.estimate_hours)
        / nullif(spent.actual_hours, 0) as error_ratio,
        spent.actual_hours / nullif(items.estimate_hours, 0) as ratio
    from items
    inner join spent using (item_id)
    where items.estimate_hours is not null
)

select
    count(*) as both_count,
    count(*) filter (where is_positive) as both_positive_count,
    count(*) filter (where estimate_hours = actual_hours) as exact_count,
    count(*) filter (where estimate_hours > actual_hours) as over_count,
    count(*) filter (where estimate_hours < actual_hours) as under_count,
    avg(error_ratio) filter (where is_positive) as mmre,
    avg(case when error_ratio <= 0.25e0 then 1e0 else 0e0 end)
        filter (where is_positive) as within_25_ratio,
    percentile_cont(0.5) within group (order by ratio)
        filter (where is_positive) as median_ratio,
    avg(ratio) filter (where is_positive) as mean_ratio
from pairs
