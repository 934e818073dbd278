-- name: release_teams
-- about: The teams that have items in each release, and how many.
-- grain: one row per release and team
-- key: release_id, team
-- reads: release_items
-- columns:
--   release_id       string  Release.
--   team             string  Team.
--   item_count       bigint  Its items in the release at its end, or now.
--   delivered_count  bigint  Of these, delivered by the as-of.

-- coverage.md 8.2: whose calendar a release is in. Items without a team are in
-- nobody's.

with items_in as (
    select
        release_id,
        team,
        is_delivered
    from release_items
    where is_in_at_end
        and team is not null
)

select
    release_id,
    team,
    count(*) as item_count,
    count(*) filter (where is_delivered) as delivered_count
from items_in
group by release_id, team
order by release_id, team
