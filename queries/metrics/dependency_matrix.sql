-- name: dependency_matrix
-- about: Who waits on whom as a matrix: the cells that a page can show.
-- grain: one row per cell with a dependency in it
-- key: row_position, column_position
-- reads: dependency_waits
-- columns:
--   row_position      bigint   1 for the team that lost most days.
--   column_position   bigint   1 for the upstream that cost most days.
--   waiting_team      string   Team that waits; "(others)" beyond the first 24.
--   upstream_kind     string   team, service, data_platform or vendor; "(others)".
--   upstream          string   Whom it waits on; "(others)" beyond the first 24.
--   is_row_others     boolean  The row adds up the teams beyond the first.
--   is_column_others  boolean  The column adds up the upstreams beyond them.
--   is_own            boolean  The team waits on itself.
--   edge_count        bigint   Edges of dependency_waits in the cell.
--   dependency_count  bigint   Dependencies in the report weeks, or open.
--   open_count        bigint   Of these, open at the as-of.
--   overdue_count     bigint   Of the open, needed before the as-of.
--   undated_count     bigint   Nobody knows since when: in no days.
--   blocked_days      double   Item-days of waiting since the first week.
--   shade             bigint   0 without days, else 1 to 5: fifths of the one
--                              edge with the most; 5 for more than that.

-- A cell adds up edges of dependency_waits, where blocked days are defined.
-- Of more than 25 teams or upstreams the first 24 stand alone, by the days in
-- their whole row or column, then by open dependencies, then by name.

with edges as (
    select
        waiting_team,
        upstream_kind,
        upstream,
        dependency_count,
        open_count,
        overdue_count,
        undated_count,
        blocked_days
    from dependency_waits
),

team_sums as (
    select
        waiting_team,
        sum(blocked_days) as blocked_days,
        sum(open_count) as open_count
    from edges
    group by waiting_team
),

team_places as (
    select
        waiting_team,
        row_number() over (
            order by blocked_days desc, open_count desc, waiting_team
        ) as place,
        count(*) over () as place_count
    from team_sums
),

upstream_sums as (
    select
        upstream_kind,
        upstream,
        sum(blocked_days) as blocked_days,
        sum(open_count) as open_count
    from edges
    group by upstream_kind, upstream
),

upstream_places as (
    select
        upstream_kind,
        upstream,
        row_number() over (
            order by
                blocked_days desc, open_count desc, upstream, upstream_kind
        ) as place,
        count(*) over () as place_count
    from upstream_sums
),

placed_edges as (
    select
        case
            when team_places.place_count > 25
                then least(team_places.place, 25)
            else team_places.place
        end as row_position,
        case
            when upstream_places.place_count > 25
                then least(upstream_places.place, 25)
            else upstream_places.place
        end as column_position,
        team_places.place_count > 25
        and team_places.place > 24 as is_row_others,
        upstream_places.place_count > 25
        and upstream_places.place > 24 as is_column_others,
        edges.waiting_team,
        edges.upstream_kind,
        edges.upstream,
        edges.dependency_count,
        edges.open_count,
        edges.overdue_count,
        edges.undated_count,
        edges.blocked_days
    from edges
    inner join team_places
        on edges.waiting_team = team_places.waiting_team
    inner join upstream_places
        on edges.upstream_kind = upstream_places.upstream_kind
        and edges.upstream = upstream_places.upstream
),

cells as (
    select
        row_position,
        column_position,
        is_row_others,
        is_column_others,
        case
            when is_row_others then '(others)' else max(waiting_team)
        end as waiting_team,
        case
            when is_column_others then '(others)' else max(upstream_kind)
        end as upstream_kind,
        case
            when is_column_others then '(others)' else max(upstream)
        end as upstream,
        not is_row_others
        and not is_column_others
        and max(upstream_kind) = 'team'
        and max(upstream) = max(waiting_team) as is_own,
        count(*) as edge_count,
        cast(sum(dependency_count) as bigint) as dependency_count,
        cast(sum(open_count) as bigint) as open_count,
        cast(sum(overdue_count) as bigint) as overdue_count,
        cast(sum(undated_count) as bigint) as undated_count,
        sum(blocked_days) as blocked_days
    from placed_edges
    group by row_position, column_position, is_row_others, is_column_others
),

shaded_cells as (
    select
        cells.row_position,
        cells.column_position,
        cells.waiting_team,
        cells.upstream_kind,
        cells.upstream,
        cells.is_row_others,
        cells.is_column_others,
        cells.is_own,
        cells.edge_count,
        cells.dependency_count,
        cells.open_count,
        cells.overdue_count,
        cells.undated_count,
        cells.blocked_days,
        max(
            case
                when not cells.is_row_others and not cells.is_column_others
                    then cells.blocked_days
            end
        ) over () as most_days
    from cells
)

select
    row_position,
    column_position,
    waiting_team,
    upstream_kind,
    upstream,
    is_row_others,
    is_column_others,
    is_own,
    edge_count,
    dependency_count,
    open_count,
    overdue_count,
    undated_count,
    blocked_days,
    case
        when blocked_days > 4e0 * most_days / 5e0 then cast(5 as bigint)
        when blocked_days > 3e0 * most_days / 5e0 then cast(4 as bigint)
        when blocked_days > 2e0 * most_days / 5e0 then cast(3 as bigint)
        when blocked_days > 1e0 * most_days / 5e0 then cast(2 as bigint)
        when blocked_days > 0e0 then cast(1 as bigint)
        else cast(0 as bigint)
    end as shade
from shaded_cells
order by row_position, column_position
