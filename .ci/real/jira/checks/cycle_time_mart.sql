-- about: Cycle time as the mart sees it: from the first move into progress (into
--   review, where there was none) to the first move into the last stage. Issues
--   whose log has no move at all are left out here: those stand on what the export
--   states, resolved and done.
-- expected: expected.json
-- compare: used_count = /cycle/used
-- compare: no_commitment_count = /cycle/no_commitment
-- compare: p50 = /elapsed_days/p50 +- 0.000001
-- compare: p85 = /elapsed_days/p85 +- 0.000001
-- compare: p95 = /elapsed_days/p95 +- 0.000001
with moved as (
    select distinct item_id
    from item_events
    where field = 'status'
)

select
    count(*) filter (where cycle_time.exclusion is null) as used_count,
    count(*) filter (where cycle_time.exclusion = 'no_commitment')
        as no_commitment_count,
    percentile_cont(0.50) within group (order by cycle_time.elapsed_days)
        as p50,
    percentile_cont(0.85) within group (order by cycle_time.elapsed_days)
        as p85,
    percentile_cont(0.95) within group (order by cycle_time.elapsed_days)
        as p95
from cycle_time
inner join moved using (item_id)
where cycle_time.is_delivered
