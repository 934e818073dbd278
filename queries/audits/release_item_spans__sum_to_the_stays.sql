-- name: release_item_spans__sum_to_the_stays
-- about: The spans drawn for an item add up to the days that tables state.
-- grain: one row per item and activity that breaks the claim
-- key: item_id, activity
-- reads: release_item_spans, stage_stays
-- columns:
--   item_id   string  Tracker key.
--   activity  string  active, waiting or blocked.

with spans as (
    select
        item_id,
        activity,
        started_at,
        ended_at
    from release_item_spans
),

stays as (
    select
        item_id,
        cycle_active_days,
        cycle_waiting_days,
        cycle_blocked_days
    from stage_stays
),

span_sums as (
    select
        item_id,
        sum(seconds_between(started_at, ended_at)) filter (
            where activity = 'active'
        ) / 86400e0 as active_days,
        sum(seconds_between(started_at, ended_at)) filter (
            where activity = 'waiting'
        ) / 86400e0 as waiting_days,
        sum(seconds_between(started_at, ended_at)) filter (
            where activity = 'blocked'
        ) / 86400e0 as blocked_days
    from spans
    group by item_id
),

stay_sums as (
    select
        item_id,
        sum(cycle_active_days) as active_days,
        sum(cycle_waiting_days) as waiting_days,
        sum(cycle_blocked_days) as blocked_days
    from stays
    group by item_id
),

compared as (
    select
        span_sums.item_id,
        'active' as activity,
        span_sums.active_days as drawn_days,
        stay_sums.active_days as stated_days
    from span_sums
    inner join stay_sums
        on span_sums.item_id = stay_sums.item_id
    union all
    select
        span_sums.item_id,
        'waiting' as activity,
        span_sums.waiting_days as drawn_days,
        stay_sums.waiting_days as stated_days
    from span_sums
    inner join stay_sums
        on span_sums.item_id = stay_sums.item_id
    union all
    select
        span_sums.item_id,
        'blocked' as activity,
        span_sums.blocked_days as drawn_days,
        stay_sums.blocked_days as stated_days
    from span_sums
    inner join stay_sums
        on span_sums.item_id = stay_sums.item_id
),

broken as (
    select
        item_id,
        activity
    from compared
    where
        abs(coalesce(drawn_days, 0e0) - coalesce(stated_days, 0e0)) > 1e-6
)

select
    item_id,
    activity
from broken
order by item_id, activity
