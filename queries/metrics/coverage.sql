-- name: coverage
-- about: For each metric, the rows it was given, used and left out, and why.
-- grain: one row per metric and rule
-- key: metric, rule
-- reads: coverage_rules, coverage_rules_of_releases, coverage_counts,
--   coverage_counts_in_depth, coverage_counts_of_releases, coverage_notes
-- columns:
--   metric       string  Mart whose rows are accounted for.
--   rule         string  rows_in, used, or the rule that left rows out.
--   kind         string  in, used or dropped.
--   row_count    bigint  Rows.
--   explanation  string  What the rule means, and words nobody gave a meaning.

-- Definition, Coverage ledger: "rows in, rows used, rows dropped and by which
-- rule." Rows in are the rows of the lake's table; for each metric they are
-- the sum of the used and the dropped. Every rule has its row, be it 0. What
-- drops no row by itself (a status without a stage, a field nobody reads, an
-- item without a change log) is told in the explanation of the row it
-- concerns: see coverage_notes.

with rules as (
    select metric, rule, kind, explanation
    from coverage_rules
    union all
    select metric, rule, kind, explanation
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

notes as (
    select
        metric,
        rule,
        note
    from coverage_notes
),

ledger as (
    select
        rules.metric,
        rules.rule,
        rules.kind,
        coalesce(counted_rows.row_count, 0) as row_count,
        rules.explanation || coalesce(notes.note, '') as explanation
    from rules
    left join counted_rows
        on rules.metric = counted_rows.metric
        and rules.rule = counted_rows.rule
    left join notes
        on rules.metric = notes.metric
        and rules.rule = notes.rule
)

select
    metric,
    rule,
    kind,
    row_count,
    explanation
from ledger
order by metric, rule
