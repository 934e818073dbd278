-- about: The same pairs as the mart sees them: what it uses is what has a
--   positive estimate and positive time spent.
-- expected: exports/expected/brightsquid.json
-- compare: used_count = /both_positive
-- compare: exact_count = /exact
-- compare: mmre = /mmre +- 0.00005
-- compare: within_25_ratio = /pred25_vs_actual +- 0.00005
-- compare: no_estimate_or_effort_count = /spent_missing
select
    count(*) filter (where exclusion is null) as used_count,
    count(*) filter (where exclusion is null and is_exact) as exact_count,
    avg(error_ratio) filter (where exclusion is null) as mmre,
    avg(case when is_within_25 then 1e0 else 0e0 end)
        filter (where exclusion is null) as within_25_ratio,
    count(*) filter (where exclusion in ('no_estimate', 'no_effort'))
        as no_estimate_or_effort_count
from estimation_accuracy
