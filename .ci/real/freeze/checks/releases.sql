-- about: Releases and commits in all.
-- expected: exports/expected/laukkanen.json
-- compare: release_count = /n_releases
-- compare: commit_count = /commits
with commits as (
    select count(*) as commit_count
    from item_events
    where field like 'commit on %'
)

select
    count(*) as release_count,
    max(commits.commit_count) as commit_count
from releases
cross join commits
