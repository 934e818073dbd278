-- name: release_stage_times
-- about: Where the time of a release's items went, stage by stage.
-- grain: one row per release and stage in which some item of it spent time
-- key: release_id, stage_position
-- reads: release_items, stage_stays
-- columns:
--   release_id       string   Release.
--   stage_position   bigint   1 for the first stage; 0 without one.
--   stage            string?  Stage; null for statuses without one.
--   kind             string?  backlog, waiting, active, approval, done.
--   item_count       bigint   Items that spent time in it.
--   sent_back_count  bigint   Stays that came back from a later stage.
--   days             double   Days of all these items in it.
--   active_days      double?  Of these, active.
--   waiting_days     double?  Of these, waiting.
--   blocked_days     double?  Of these, blocked.

-- The items in the release at its end (now, while it is open), from their
-- commitment to their delivery or the as-of: the clocks of stage_stays. Days
-- of several items at once add up, so the sum is longer than the release.

with items_in as (
    select
        release_id,
        item_id
    from release_items
    where is_in_at_end
),

stays as (
    select
        item_id,
        stage_position,
        stage,
        kind,
        is_sent_back,
        cycle_days,
        cycle_active_days,
        cycle_waiting_days,
        cycle_blocked_days
    from stage_stays
    where cycle_days is not null
),

stage_sums as (
    select
        items_in.release_id,
        coalesce(stays.stage_position, 0) as stage_position,
        min(stays.stage) as stage,
        min(stays.kind) as kind,
        count(distinct stays.item_id) as item_count,
        count(*) filter (where stays.is_sent_back) as sent_back_count,
        sum(stays.cycle_days) as days,
        sum(stays.cycle_active_days) as active_days,
        sum(stays.cycle_waiting_days) as waiting_days,
        sum(stays.cycle_blocked_days) as blocked_days
    from items_in
    inner join stays
        on items_in.item_id = stays.item_id
    group by items_in.release_id, coalesce(stays.stage_position, 0)
)

select
    release_id,
    stage_position,
    stage,
    kind,
    item_count,
    sent_back_count,
    days,
    active_days,
    waiting_days,
    blocked_days
from stage_sums
order by release_id, stage_position
