-- about: Dependencies, each once however many links say it, those that go both ways,
--   and rings of three.
-- expected: expected.json
-- compare: dependency_count = /dependencies/n
-- compare: item_count = /dependencies/items
-- compare: mutual_count = /dependencies/mutual
-- compare: ring_count = /dependencies/in_rings_of_three
with rings as (
    select distinct
        first.item_id,
        first.depends_on
    from dependencies as first
    inner join dependencies as second on first.depends_on = second.item_id
    inner join dependencies as third
        on second.depends_on = third.item_id
        and third.depends_on = first.item_id
)

select
    count(*) as dependency_count,
    count(distinct dependencies.item_id) as item_count,
    count(reverse.item_id) as mutual_count,
    count(rings.item_id) as ring_count
from dependencies
left join dependencies as reverse
    on dependencies.item_id = reverse.depends_on
    and dependencies.depends_on = reverse.item_id
left join rings
    on dependencies.item_id = rings.item_id
    and dependencies.depends_on = rings.depends_on
