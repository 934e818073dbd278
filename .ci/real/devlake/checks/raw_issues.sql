-- about: GitLab's issues, those that are closed, and the days that it took.
-- expected: expected.json
-- compare: item_count = /gitlab_issues/n
-- compare: resolved_count = /gitlab_issues/closed
-- compare: days = /gitlab_issues/days +- 0.0005
select
    count(*) as item_count,
    count(resolved_at) as resolved_count,
    avg(seconds_between(created_at, resolved_at) / 86400e0) as days
from items
where source_file like '%/_raw_gitlab_api_issues.csv'
