-- name: cycle_time
-- about: One row per item with its commitment, its delivery and six clocks.
-- grain: one row per item
-- key: item_id
-- reads: params, local_days, items_as_of, item_stages, item_commitments,
--   deliveries, closed_items, blocked_spans, approval_spans
-- columns:
--   item_id               string      Tracker key, for example ABC-12.
--   title                 string?     Title.
--   item_type             string?     feature, defect, hotfix, ...
--   team                  string?     Team.
--   system                string?     System.
--   release_id            string?     Release.
--   delivery_basis        string?     deployment or status; null while open.
--   exclusion             string?     Why it is left out; see below.
--   is_delivered          boolean     Delivered by the as-of.
--   committed_at          timestamp?  Commitment.
--   delivered_at          timestamp?  First delivery.
--   delivered_week_start  date?       Monday of the local week of delivery.
--   elapsed_days          double?     Commitment to delivery, days of 24 h.
--   working_days          double?     The same in working days.
--   active_days           double?     In active stages and not blocked.
--   blocked_days          double?     Blocked, or waiting on a dependency.
--   approval_days         double?     Waiting for an approval.
--   rework_days           double?     Since the first step back.
--   ended_at              timestamp?  Where the clocks stop, or it was closed.

-- Definition, Cycle time. The clocks run from commitment to delivery; those
-- of open items stop at the as-of (right-censored). They are null for
-- excluded items; active and rework also for items without a log of their
-- status, of which nobody knows when they were in which stage. Clocks overlap:
-- they are looked at side by side and do not add up to the elapsed time.
-- exclusion, the first that holds:
--   delivery_unknown    stands in the stage of delivery, and nobody knows since
--                       when: no change log and no resolved_at.
--   no_commitment       delivered, or sitting in a done stage, without
--                       commitment: straight to done.
--   not_started         open and not committed to.
--   negative_span       delivered before it was committed to.
--   closed_undelivered  committed to and moved to a done stage without delivery
--                       (see closed_items): no longer open. ended_at is that
--                       move.

with settings as (
    select
        as_of,
        working_day_seconds
    from params
),

days as (
    select
        utc_date,
        week_start,
        working_seconds_before,
        is_working_day,
        start_at,
        end_at,
        work_start_at,
        work_end_at
    from local_days
),

item_rows as (
    select
        item_id,
        title,
        item_type,
        team,
        system,
        release_id
    from items_as_of
),

stays as (
    select
        item_id,
        kind,
        is_logged,
        is_sent_back,
        entered_at,
        left_at,
        ended_at
    from item_stages
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

logged_items as (
    select distinct item_id
    from stays
    where is_logged
),

present_stays as (
    select
        item_id,
        kind
    from stays
    where left_at is null
),

dated_items as (
    select
        item_rows.item_id,
        item_rows.title,
        item_rows.item_type,
        item_rows.team,
        item_rows.system,
        item_rows.release_id,
        deliveries.delivery_basis,
        case
            when closed_items.exclusion = 'delivery_unknown'
                then closed_items.exclusion
            when item_commitments.committed_at is null
                and (
                    deliveries.delivered_at is not null
                    or present_stays.kind = 'done'
                )
                then 'no_commitment'
            when item_commitments.committed_at is null then 'not_started'
            when deliveries.delivered_at < item_commitments.committed_at
                then 'negative_span'
            else closed_items.exclusion
        end as exclusion,
        deliveries.delivered_at is not null as is_delivered,
        item_commitments.committed_at,
        deliveries.delivered_at,
        case
            when deliveries.delivered_at is not null
                then deliveries.delivered_at
            when closed_items.item_id is not null then closed_items.closed_at
            else settings.as_of
        end as ended_at
    from item_rows
    cross join settings
    left join item_commitments
        on item_rows.item_id = item_commitments.item_id
    left join deliveries
        on item_rows.item_id = deliveries.item_id
    left join present_stays
        on item_rows.item_id = present_stays.item_id
    left join closed_items
        on item_rows.item_id = closed_items.item_id
),

measured_items as (
    select
        item_id,
        committed_at,
        ended_at
    from dated_items
    where exclusion is null
),

clock_ends as (
    select item_id, -1 as direction, committed_at as clock_at
    from measured_items
    union all
    select item_id, 1 as direction, ended_at as clock_at
    from measured_items
),

-- Working seconds since the calendar began, a lookup at each end.
working_clocks as (
    select
        clock_ends.item_id,
        sum(
            clock_ends.direction * (
                days.working_seconds_before
                + case
                    when days.is_working_day
                        then greatest(
                            0e0,
                            least(
                                seconds_between(
                                    days.work_start_at, clock_ends.clock_at
                                ),
                                seconds_between(
                                    days.work_start_at, days.work_end_at
                                )
                            )
                        )
                    else 0e0
                end
            )
        ) as working_seconds
    from clock_ends
    inner join days
        on cast(clock_ends.clock_at as date) = days.utc_date
        and clock_ends.clock_at >= days.start_at
        and clock_ends.clock_at < days.end_at
    group by clock_ends.item_id
    having count(*) = 2
),

active_spans as (
    select
        stays.item_id,
        greatest(stays.entered_at, measured_items.committed_at) as started_at,
        least(stays.ended_at, measured_items.ended_at) as ended_at
    from stays
    inner join measured_items
        on stays.item_id = measured_items.item_id
        and stays.entered_at < measured_items.ended_at
        and stays.ended_at > measured_items.committed_at
    where stays.kind = 'active'
),

active_clocks as (
    select
        item_id,
        sum(seconds_between(started_at, ended_at)) as active_seconds
    from active_spans
    group by item_id
),

-- Blocked while in an active stage is not active.
stalled_clocks as (
    select
        active_spans.item_id,
        sum(
            seconds_between(
                greatest(active_spans.started_at, blocked.started_at),
                least(active_spans.ended_at, blocked.ended_at)
            )
        ) as stalled_seconds
    from active_spans
    inner join blocked
        on active_spans.item_id = blocked.item_id
        and blocked.started_at < active_spans.ended_at
        and blocked.ended_at > active_spans.started_at
    group by active_spans.item_id
),

blocked_clocks as (
    select
        measured_items.item_id,
        sum(
            seconds_between(
                greatest(blocked.started_at, measured_items.committed_at),
                least(blocked.ended_at, measured_items.ended_at)
            )
        ) as blocked_seconds
    from measured_items
    inner join blocked
        on measured_items.item_id = blocked.item_id
        and blocked.started_at < measured_items.ended_at
        and blocked.ended_at > measured_items.committed_at
    group by measured_items.item_id
),

approval_clocks as (
    select
        measured_items.item_id,
        sum(
            seconds_between(
                greatest(approval.started_at, measured_items.committed_at),
                least(approval.ended_at, measured_items.ended_at)
            )
        ) as approval_seconds
    from measured_items
    inner join approval
        on measured_items.item_id = approval.item_id
        and approval.started_at < measured_items.ended_at
        and approval.ended_at > measured_items.committed_at
    group by measured_items.item_id
),

-- "Rework (all time after the first backward move)".
first_steps_back as (
    select
        measured_items.item_id,
        min(stays.entered_at) as stepped_back_at
    from measured_items
    inner join stays
        on measured_items.item_id = stays.item_id
        and stays.entered_at > measured_items.committed_at
        and stays.entered_at <= measured_items.ended_at
    where stays.is_sent_back
    group by measured_items.item_id
),

clocks as (
    select
        measured_items.item_id,
        seconds_between(
            measured_items.committed_at, measured_items.ended_at
        ) / 86400e0 as elapsed_days,
        working_clocks.working_seconds
        / nullif(settings.working_day_seconds, 0) as working_days,
        case
            when logged_items.item_id is not null
                then coalesce(active_clocks.active_seconds, 0e0)
                - coalesce(stalled_clocks.stalled_seconds, 0e0)
        end / 86400e0 as active_days,
        coalesce(blocked_clocks.blocked_seconds, 0e0)
        / 86400e0 as blocked_days,
        coalesce(approval_clocks.approval_seconds, 0e0)
        / 86400e0 as approval_days,
        case
            when logged_items.item_id is not null
                then coalesce(
                    seconds_between(
                        first_steps_back.stepped_back_at,
                        measured_items.ended_at
                    ),
                    0e0
                )
        end / 86400e0 as rework_days
    from measured_items
    cross join settings
    left join logged_items
        on measured_items.item_id = logged_items.item_id
    left join working_clocks
        on measured_items.item_id = working_clocks.item_id
    left join active_clocks
        on measured_items.item_id = active_clocks.item_id
    left join stalled_clocks
        on measured_items.item_id = stalled_clocks.item_id
    left join blocked_clocks
        on measured_items.item_id = blocked_clocks.item_id
    left join approval_clocks
        on measured_items.item_id = approval_clocks.item_id
    left join first_steps_back
        on measured_items.item_id = first_steps_back.item_id
),

timed_items as (
    select
        dated_items.item_id,
        dated_items.title,
        dated_items.item_type,
        dated_items.team,
        dated_items.system,
        dated_items.release_id,
        dated_items.delivery_basis,
        dated_items.exclusion,
        dated_items.is_delivered,
        dated_items.committed_at,
        dated_items.delivered_at,
        days.week_start as delivered_week_start,
        clocks.elapsed_days,
        clocks.working_days,
        clocks.active_days,
        clocks.blocked_days,
        clocks.approval_days,
        clocks.rework_days,
        case
            when dated_items.exclusion is null
                or dated_items.exclusion = 'closed_undelivered'
                then dated_items.ended_at
        end as ended_at
    from dated_items
    left join clocks
        on dated_items.item_id = clocks.item_id
    left join days
        on cast(dated_items.delivered_at as date) = days.utc_date
        and dated_items.delivered_at >= days.start_at
        and dated_items.delivered_at < days.end_at
)

select
    item_id,
    title,
    item_type,
    team,
    system,
    release_id,
    delivery_basis,
    exclusion,
    is_delivered,
    committed_at,
    delivered_at,
    delivered_week_start,
    elapsed_days,
    working_days,
    active_days,
    blocked_days,
    approval_days,
    rework_days,
    ended_at
from timed_items
order by item_id
