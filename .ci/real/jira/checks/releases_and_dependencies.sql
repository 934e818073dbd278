-- about: Versions by project; blocking links, each once whichever ends name it.
-- expected: expected.json
-- compare: release_count = /releases
-- compare: dependency_count = /dependencies
-- compare: outside_count = /dependencies_outside
select
    (select count(*) from releases) as release_count,
    count(*) as dependency_count,
    count(*) filter (where items.item_id is null) as outside_count
from dependencies
left join items on dependencies.depends_on = items.item_id
