-- about: Commits by branch.
-- expected: exports/expected/laukkanen.json
-- keys: branch = /commits_by_branch
-- compare: commit_count = /commits_by_branch/{branch}
select
    replace(field, 'commit on ', '') as branch,
    count(*) as commit_count
from item_events
group by replace(field, 'commit on ', '')
order by branch
