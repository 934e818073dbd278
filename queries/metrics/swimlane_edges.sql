-- name: swimlane_edges
-- about: Which open item holds up which, blocked or late.
-- grain: one row per open item and open item that it needs
-- key: item_id, needs_id
-- reads: precedence_edges, dependency_spans, swimlane_items
-- columns:
--   item_id        string    The item that waits.
--   needs_id       string    The item that it needs.
--   lane           string    Team of the item that waits.
--   needs_lane     string    Team of what it needs.
--   state          string    late: it was needed before the as-of, or what
--                            it needs is planned to end after it; else
--                            blocked.
--   reason         string    overdue, ends_after or waiting.
--   waiting_days   double?   How long it has waited.
--   has_bars       boolean   Both items have a bar.
--   draw_position  bigint?   Which to draw first; null without bars.

with edges as (
    select
        item_id,
        needs_id
    from precedence_edges
    where needs_kind = 'item'
),

spans as (
    select
        item_id,
        depends_on,
        waiting_days,
        is_overdue
    from dependency_spans
    where kind = 'item' and is_open
),

bars as (
    select
        item_id,
        lane,
        planned_at,
        pick_position
    from swimlane_items
),

judged_edges as (
    select
        edges.item_id,
        edges.needs_id,
        bars.lane,
        needed_bars.lane as needs_lane,
        case
            when spans.is_overdue then 'overdue'
            when needed_bars.planned_at > bars.planned_at then 'ends_after'
            else 'waiting'
        end as reason,
        spans.waiting_days,
        bars.pick_position is not null
        and needed_bars.pick_position is not null as has_bars
    from edges
    inner join spans
        on edges.item_id = spans.item_id
        and edges.needs_id = spans.depends_on
    inner join bars
        on edges.item_id = bars.item_id
    inner join bars as needed_bars
        on edges.needs_id = needed_bars.item_id
)

select
    item_id,
    needs_id,
    lane,
    needs_lane,
    case when reason = 'waiting' then 'blocked' else 'late' end as state,
    reason,
    waiting_days,
    has_bars,
    case
        when has_bars
            then row_number() over (
                order by
                    has_bars desc,
                    reason <> 'waiting' desc,
                    lane <> needs_lane desc,
                    waiting_days desc nulls last,
                    item_id,
                    needs_id
            )
    end as draw_position
from judged_edges
order by item_id, needs_id
