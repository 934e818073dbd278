-- about: Issues by organisation and the tracker's type, with their mean priority, and
--   how many are of no known sprint.
-- expected: expected.json
-- keys: issue_key = /issues
-- compare: issue_count = /issues/{issue_key}/n
-- compare: priority = /issues/{issue_key}/priority +- 0.00005
-- compare: orphan_count = /issues/{issue_key}/without_sprint
select
    split_part(items.item_id, '-', 1) || '|' || items.investment_category
        as issue_key,
    count(*) as issue_count,
    avg(items.priority) as priority,
    count(*) filter (where releases.release_id is null) as orphan_count
from items
left join releases using (release_id)
group by split_part(items.item_id, '-', 1), items.investment_category
order by issue_key
