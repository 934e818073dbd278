-- about: The versions with most tasks, in order; `3` stays `3`, not `3.0`.
-- expected: exports/expected/brightsquid.json
-- compare: release_id = /top_fix_versions/{position}/0
-- compare: item_count = /top_fix_versions/{position}/1
with counts as (
    select
        coalesce(release_id, '') as release_id,
        count(*) as item_count
    from items
    group by coalesce(release_id, '')
)

select
    row_number() over (order by item_count desc, release_id) - 1 as position,
    release_id,
    item_count
from counts
order by position
limit 8
