-- about: Issues by the tracker's type.
-- expected: exports/expected/laukkanen.json
-- keys: issue_type = /issues
-- compare: issue_count = /issues/{issue_type}
select
    investment_category as issue_type,
    count(*) as issue_count
from items
where resolved_at is not null
group by investment_category
order by issue_type
