-- about: Rows, tasks without an estimate or without time spent, distinct versions
--   (the expected figure counts "no version" as one).
-- expected: exports/expected/brightsquid.json
-- compare: item_count = /rows
-- compare: estimate_missing_count = /estimate_missing
-- compare: effort_missing_count = /spent_missing
-- compare: release_missing_count = /no_fix_version
-- compare: release_count = /fix_version_values
select
    count(*) as item_count,
    count(*) filter (where items.estimate_hours is null)
        as estimate_missing_count,
    count(*) filter (where effort.item_id is null) as effort_missing_count,
    count(*) filter (where items.release_id is null) as release_missing_count,
    count(distinct coalesce(items.release_id, '')) as release_count
from items
left join effort using (item_id)
