-- about: Incidents that were given to another group, opened again, or caused by a CI
--   that is known, and by another than the affected one.
-- expected: exports/expected/bpic14_sample.json
-- compare: reassigned_count = /reassigned
-- compare: reopened_count = /reopened
-- compare: caused_count = /caused_by_ci_present
-- compare: caused_by_other_count = /caused_by_ci_differs_from_affected
with marks as (
    select
        field,
        old_value as affected_ci_id,
        nullif(new_value, '#N/B') as word
    from item_events
)

select
    count(*) filter (
        where field = 'closed: reassignments' and word <> '0'
    ) as reassigned_count,
    count(*) filter (where field = 'reopened') as reopened_count,
    count(word) filter (where field = 'closed: caused by') as caused_count,
    count(*) filter (
        where field = 'closed: caused by' and word <> affected_ci_id
    ) as caused_by_other_count
from marks
