-- name: coverage__every_rule_is_listed
-- about: No row is counted under a rule that the ledger does not list.
-- grain: one row per metric and rule that breaks the claim
-- key: metric, rule
-- reads: coverage_rules, coverage_rules_of_releases, coverage_counts,
--   coverage_counts_in_depth, coverage_counts_of_releases
-- columns:
--   metric     string  Mart whose rows are accounted for.
--   rule       string  The rule that is not listed.
--   row_count  bigint  Rows it met.

with rules as (
    select metric, rule
    from coverage_rules
    union all
    select metric, rule
    from coverage_rules_of_releases
),

counted_rows as (
    select metric, rule, row_count
    from coverage_counts
    union all
    select metric, rule, row_count
    from coverage_counts_in_depth
    union all
    select metric, rule, row_count
    from coverage_counts_of_releases
),

broken as (
    select
        counted_rows.metric,
        counted_rows.rule,
        counted_rows.row_count
    from counted_rows
    left join rules
        on counted_rows.metric = rules.metric
        and counted_rows.rule = rules.rule
    where rules.rule is null and counted_rows.row_count <> 0
)

select
    metric,
    rule,
    row_count
from broken
order by metric, rule
