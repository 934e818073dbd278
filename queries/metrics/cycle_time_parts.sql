-- name: cycle_time_parts
-- about: Where each item's time from commitment to delivery went.
-- grain: one row per item whose clocks and status log are known
-- key: item_id
-- reads: cycle_time, item_stages, blocked_spans, approval_spans
-- columns:
--   item_id               string   Tracker key.
--   team                  string?  Team.
--   release_id            string?  Release.
--   is_delivered          boolean  Delivered; else its clocks still run.
--   delivered_week_start  date?    Monday of the local week of delivery.
--   elapsed_days          double   Commitment to delivery, or to the as-of.
--   blocked_days          double   Blocked, or waiting on a dependency.
--   approval_days         double   Else: waiting for an approval.
--   active_days           double   Else: in an active stage.
--   waiting_days          double   The rest: in no one's hands.
--   rework_days           double   Of all: since the first step back.

-- Definition, Cycle time. The clocks of cycle_time overlap; to say where the
-- time went, each moment goes to one part, the first that holds of blocked,
-- approval, active, waiting. Rework lies across them and is an "of which".
-- Without a status log nobody knows what was active: no row.
-- Spans are cut into moments at every start and end; how many spans of a kind
-- are open in one is a running sum of starts less ends.

with timed_items as (
    select
        item_id,
        team,
        release_id,
        is_delivered,
        committed_at,
        ended_at,
        delivered_week_start,
        elapsed_days,
        rework_days
    from cycle_time
    where exclusion is null and active_days is not null
),

active_stays as (
    select
        item_id,
        entered_at as started_at,
        ended_at
    from item_stages
    where kind = 'active'
),

blocked as (
    select
        item_id,
        started_at,
        ended_at
    from blocked_spans
),

approval as (
    select
        item_id,
        started_at,
        ended_at
    from approval_spans
),

all_spans as (
    select item_id, 1 as blocked, 0 as approval, 0 as active,
        started_at, ended_at
    from blocked
    union all
    select item_id, 0 as blocked, 1 as approval, 0 as active,
        started_at, ended_at
    from approval
    union all
    select item_id, 0 as blocked, 0 as approval, 1 as active,
        started_at, ended_at
    from active_stays
),

clipped_spans as (
    select
        all_spans.item_id,
        all_spans.blocked,
        all_spans.approval,
        all_spans.active,
        greatest(
            all_spans.started_at, timed_items.committed_at
        ) as started_at,
        least(all_spans.ended_at, timed_items.ended_at) as ended_at
    from all_spans
    inner join timed_items
        on all_spans.item_id = timed_items.item_id
        and all_spans.started_at < timed_items.ended_at
        and all_spans.ended_at > timed_items.committed_at
),

boundaries as (
    select item_id, started_at as moment_at, blocked, approval, active
    from clipped_spans
    union all
    select
        item_id,
        ended_at as moment_at,
        -blocked as blocked,
        -approval as approval,
        -active as active
    from clipped_spans
    union all
    select
        item_id,
        committed_at as moment_at,
        0 as blocked,
        0 as approval,
        0 as active
    from timed_items
    union all
    select
        item_id,
        ended_at as moment_at,
        0 as blocked,
        0 as approval,
        0 as active
    from timed_items
),

boundary_sums as (
    select
        item_id,
        moment_at,
        sum(blocked) as blocked,
        sum(approval) as approval,
        sum(active) as active
    from boundaries
    group by item_id, moment_at
),

moments as (
    select
        item_id,
        seconds_between(
            moment_at, lead(moment_at) over moments_of_item
        ) as seconds,
        sum(blocked) over so_far as blocked_count,
        sum(approval) over so_far as approval_count,
        sum(active) over so_far as active_count
    from boundary_sums
    window
        moments_of_item as (partition by item_id order by moment_at),
        so_far as (
            partition by item_id
            order by moment_at
            rows between unbounded preceding and current row
        )
),

parted_moments as (
    select
        item_id,
        coalesce(seconds, 0e0) as seconds,
        case
            when blocked_count > 0 then 'blocked'
            when approval_count > 0 then 'approval'
            when active_count > 0 then 'active'
            else 'waiting'
        end as part
    from moments
),

part_sums as (
    select
        item_id,
        coalesce(
            sum(seconds) filter (where part = 'blocked'), 0e0
        ) / 86400e0 as blocked_days,
        coalesce(
            sum(seconds) filter (where part = 'approval'), 0e0
        ) / 86400e0 as approval_days,
        coalesce(
            sum(seconds) filter (where part = 'active'), 0e0
        ) / 86400e0 as active_days,
        coalesce(
            sum(seconds) filter (where part = 'waiting'), 0e0
        ) / 86400e0 as waiting_days
    from parted_moments
    group by item_id
),

item_parts as (
    select
        timed_items.item_id,
        timed_items.team,
        timed_items.release_id,
        timed_items.is_delivered,
        timed_items.delivered_week_start,
        timed_items.elapsed_days,
        part_sums.blocked_days,
        part_sums.approval_days,
        part_sums.active_days,
        part_sums.waiting_days,
        timed_items.rework_days
    from timed_items
    inner join part_sums
        on timed_items.item_id = part_sums.item_id
)

select
    item_id,
    team,
    release_id,
    is_delivered,
    delivered_week_start,
    elapsed_days,
    blocked_days,
    approval_days,
    active_days,
    waiting_days,
    rework_days
from item_parts
order by item_id
