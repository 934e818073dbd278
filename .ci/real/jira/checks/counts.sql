-- about: Issues, and how many have an estimate, a version, a team.
-- expected: expected.json
-- compare: item_count = /items
-- compare: estimate_count = /items_with_estimate
-- compare: release_count = /items_with_release
-- compare: team_count = /teams
select
    count(*) as item_count,
    count(estimate_hours) as estimate_count,
    count(release_id) as release_count,
    count(distinct team) as team_count
from items
