-- name: scope_items
-- about: The items behind scope volatility, each with the team that it counts for.
-- grain: one row per release and item that was planned or has moved since
-- key: release_id, item_id
-- reads: planned_items, baseline_changes, item_history, items_as_of
-- columns:
--   release_id          string     Release.
--   item_id             string     Tracker key.
--   title               string?    Title.
--   team                string?    Team that it had when it first counted.
--   domain              string?    Domain, as the export has it.
--   source_url          string?    The item in its tracker.
--   added_count         bigint     Additions since the baseline.
--   removed_count       bigint     Removals since the baseline.
--   readded_count       bigint     Of the additions, those that brought it
--                                  back.
--   after_freeze_count  bigint     Of the changes, those after the freeze.
--   change_count        bigint     Additions and removals.
--   is_planned          boolean    In the release at its baseline.
--   counted_at          timestamp  The baseline where it was planned, else when
--                                  it first moved.

-- Definition, Scope volatility. A planned item counts for the team that it had
-- at the baseline, any other for the team that it had when it first came in,
-- and so do all its moves in this release: an item that goes to another team
-- moves no scope, and a team's removals are of what was planned or added under
-- its name. The domain is in no change log, so it is taken as it stands.

with planned_scope as (
    select
        release_id,
        item_id,
        baseline_at
    from planned_items
),

changes as (
    select
        release_id,
        item_id,
        action,
        is_readded,
        is_after_freeze,
        changed_at
    from baseline_changes
),

team_periods as (
    select
        item_id,
        value as team,
        period_number,
        started_at
    from item_history
    where field = 'team'
),

item_rows as (
    select
        item_id,
        title,
        domain,
        source_url
    from items_as_of
),

item_changes as (
    select
        release_id,
        item_id,
        count(*) filter (where action = 'added') as added_count,
        count(*) filter (where action = 'removed') as removed_count,
        count(*) filter (where is_readded) as readded_count,
        count(*) filter (where is_after_freeze) as after_freeze_count,
        count(*) as change_count,
        min(changed_at) as changed_at
    from changes
    group by release_id, item_id
),

counted_items as (
    select
        coalesce(
            planned_scope.release_id, item_changes.release_id
        ) as release_id,
        coalesce(planned_scope.item_id, item_changes.item_id) as item_id,
        coalesce(item_changes.added_count, 0) as added_count,
        coalesce(item_changes.removed_count, 0) as removed_count,
        coalesce(item_changes.readded_count, 0) as readded_count,
        coalesce(item_changes.after_freeze_count, 0) as after_freeze_count,
        coalesce(item_changes.change_count, 0) as change_count,
        planned_scope.item_id is not null as is_planned,
        coalesce(
            planned_scope.baseline_at, item_changes.changed_at
        ) as counted_at
    from planned_scope
    full join item_changes
        on planned_scope.release_id = item_changes.release_id
        and planned_scope.item_id = item_changes.item_id
),

-- The last period that had begun; of an item whose history begins later, the
-- first one.
counted_teams as (
    select
        counted_items.release_id,
        counted_items.item_id,
        team_periods.team
    from counted_items
    inner join team_periods
        on counted_items.item_id = team_periods.item_id
    qualify row_number() over (
        partition by counted_items.release_id, counted_items.item_id
        order by
            case
                when team_periods.started_at > counted_items.counted_at then 1
                else 0
            end,
            case
                when team_periods.started_at > counted_items.counted_at
                    then team_periods.period_number
                else -team_periods.period_number
            end
    ) = 1
),

named_items as (
    select
        counted_items.release_id,
        counted_items.item_id,
        item_rows.title,
        counted_teams.team,
        item_rows.domain,
        item_rows.source_url,
        counted_items.added_count,
        counted_items.removed_count,
        counted_items.readded_count,
        counted_items.after_freeze_count,
        counted_items.change_count,
        counted_items.is_planned,
        counted_items.counted_at
    from counted_items
    left join item_rows
        on counted_items.item_id = item_rows.item_id
    left join counted_teams
        on counted_items.release_id = counted_teams.release_id
        and counted_items.item_id = counted_teams.item_id
)

select
    release_id,
    item_id,
    title,
    team,
    domain,
    source_url,
    added_count,
    removed_count,
    readded_count,
    after_freeze_count,
    change_count,
    is_planned,
    counted_at
from named_items
order by release_id, item_id
