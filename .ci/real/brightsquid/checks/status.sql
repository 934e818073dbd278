-- about: Tasks by the tracker's status.
-- expected: exports/expected/brightsquid.json
-- keys: status = /status
-- compare: item_count = /status/{status}
select
    status,
    count(*) as item_count
from items
group by status
order by status
