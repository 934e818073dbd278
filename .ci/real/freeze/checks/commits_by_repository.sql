-- about: Commits by repository.
-- expected: exports/expected/laukkanen.json
-- keys: repository = /commits_by_repo
-- compare: commit_count = /commits_by_repo/{repository}
select
    item_id as repository,
    count(*) as commit_count
from item_events
group by item_id
order by repository
