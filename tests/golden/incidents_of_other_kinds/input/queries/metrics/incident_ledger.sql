-- name: incident_ledger
-- about: The ledger of the rows of incidents alone.
-- grain: one row per rule
-- key: rule
-- reads: coverage
-- columns:
--   rule       string  rows_in, used, or the rule that left rows out.
--   kind       string  in, used or dropped.
--   row_count  bigint  Rows.

with ledger as (
    select
        metric,
        rule,
        kind,
        row_count
    from coverage
)

select
    rule,
    kind,
    row_count
from ledger
where metric = 'attribution_methods'
order by rule
