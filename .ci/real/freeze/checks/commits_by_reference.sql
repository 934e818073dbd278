-- about: Commits by the type of the issue that they refer to; most refer to none.
-- expected: exports/expected/laukkanen.json
-- keys: issue_type = /referenced
-- compare: commit_count = /referenced/{issue_type}
select
    coalesce(old_value, 'NULL') as issue_type,
    count(*) as commit_count
from item_events
group by coalesce(old_value, 'NULL')
order by issue_type
