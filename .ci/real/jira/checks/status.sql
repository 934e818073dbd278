-- about: Issues by status.
-- expected: expected.json
-- keys: status = /items_per_status
-- compare: item_count = /items_per_status/{status}
select
    status,
    count(*) as item_count
from items
group by status
order by status
