-- name: commitment_dates
-- about: What each contract promises by when, against plan and delivery.
-- grain: one row per commitment
-- key: commitment_id
-- reads: params, calendar, local_days, commitments, items_as_of,
--   releases_as_of, deliveries, scope_moves
-- columns:
--   commitment_id    string   Commitment.
--   customer         string   To whom.
--   item_id          string?  Item promised.
--   release_id       string?  Release that is to bring it, as things stand.
--   release_name     string?  Its present name.
--   clause           string?  Clause of the contract.
--   account_manager  string?  Who answers for it.
--   basis            string   item, release or unknown; see below.
--   state            string   See below.
--   days_late        bigint?  Days past the due date; negative before it.
--   move_count       bigint   Times the item came into another release.
--   due_on           date     Promised for.
--   planned_on       date?    Planned release.
--   delivered_on     date?    Delivery.
--   moved_on         date?    Day of the item's last move.

-- basis
--   item     the item's delivery fulfils it (deliveries); planned is the
--            release that the item is in at the as-of.
--   release  no known item is named: the release itself fulfils it.
--   unknown  neither is in any export.
-- state, the worst first
--   overdue         not delivered, and the due day is over.
--   planned_late    not delivered, and planned for after the due day.
--   plan_passed     not delivered, and the planned day is over.
--   unplanned       not delivered, and no open release holds it.
--   unknown         neither item nor release is known.
--   on_plan         planned for the due day or before.
--   delivered_late  delivered after the due day.
--   met             delivered by the end of the due day.
-- days_late  of the delivery, else of the present day for what is overdue,
--            else of the planned day.

with instant as (
    select as_of
    from params
),

days as (
    select
        day,
        start_at
    from calendar
),

day_lookup as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

commitment_rows as (
    select
        commitment_id,
        customer,
        item_id,
        release_id,
        clause,
        account_manager,
        due_on
    from commitments
),

item_rows as (
    select
        item_id,
        release_id
    from items_as_of
),

release_rows as (
    select
        release_id,
        release_name,
        case
            when status is distinct from 'cancelled' then planned_at
        end as planned_at,
        released_at
    from releases_as_of
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

moves as (
    select
        item_id,
        changed_at
    from scope_moves
    where action = 'added'
),

present_day as (
    select max(days.day) as day
    from days
    inner join instant
        on days.start_at <= instant.as_of
),

move_counts as (
    select
        item_id,
        count(*) - 1 as move_count,
        max(changed_at) as moved_at
    from moves
    group by item_id
),

placed_commitments as (
    select
        commitment_rows.commitment_id,
        commitment_rows.customer,
        commitment_rows.item_id,
        case
            when item_rows.item_id is not null
                then coalesce(item_rows.release_id, commitment_rows.release_id)
            else commitment_rows.release_id
        end as release_id,
        commitment_rows.clause,
        commitment_rows.account_manager,
        commitment_rows.due_on,
        item_rows.item_id is not null as is_item_known
    from commitment_rows
    left join item_rows
        on commitment_rows.item_id = item_rows.item_id
),

timed_commitments as (
    select
        placed_commitments.commitment_id,
        placed_commitments.customer,
        placed_commitments.item_id,
        placed_commitments.release_id,
        release_rows.release_name,
        placed_commitments.clause,
        placed_commitments.account_manager,
        case
            when placed_commitments.is_item_known then 'item'
            when release_rows.release_id is not null then 'release'
            else 'unknown'
        end as basis,
        coalesce(move_counts.move_count, 0) as move_count,
        placed_commitments.due_on,
        case
            when
                placed_commitments.is_item_known
                and release_rows.released_at is not null
                then cast(null as timestamp)
            else release_rows.planned_at
        end as planned_at,
        case
            when placed_commitments.is_item_known
                then delivered_items.delivered_at
            else release_rows.released_at
        end as delivered_at,
        case
            when move_counts.move_count > 0 then move_counts.moved_at
        end as moved_at
    from placed_commitments
    left join release_rows
        on placed_commitments.release_id = release_rows.release_id
    left join delivered_items
        on placed_commitments.item_id = delivered_items.item_id
    left join move_counts
        on placed_commitments.item_id = move_counts.item_id
),

dated_commitments as (
    select
        timed_commitments.commitment_id,
        timed_commitments.customer,
        timed_commitments.item_id,
        timed_commitments.release_id,
        timed_commitments.release_name,
        timed_commitments.clause,
        timed_commitments.account_manager,
        timed_commitments.basis,
        timed_commitments.move_count,
        timed_commitments.due_on,
        planned_days.day as planned_on,
        delivered_days.day as delivered_on,
        moved_days.day as moved_on
    from timed_commitments
    left join day_lookup as planned_days
        on cast(timed_commitments.planned_at as date) = planned_days.utc_date
        and timed_commitments.planned_at >= planned_days.start_at
        and timed_commitments.planned_at < planned_days.end_at
    left join day_lookup as delivered_days
        on cast(timed_commitments.delivered_at as date)
        = delivered_days.utc_date
        and timed_commitments.delivered_at >= delivered_days.start_at
        and timed_commitments.delivered_at < delivered_days.end_at
    left join day_lookup as moved_days
        on cast(timed_commitments.moved_at as date) = moved_days.utc_date
        and timed_commitments.moved_at >= moved_days.start_at
        and timed_commitments.moved_at < moved_days.end_at
),

judged_commitments as (
    select
        dated_commitments.commitment_id,
        dated_commitments.customer,
        dated_commitments.item_id,
        dated_commitments.release_id,
        dated_commitments.release_name,
        dated_commitments.clause,
        dated_commitments.account_manager,
        dated_commitments.basis,
        case
            when dated_commitments.basis = 'unknown' then 'unknown'
            when dated_commitments.delivered_on > dated_commitments.due_on
                then 'delivered_late'
            when dated_commitments.delivered_on is not null then 'met'
            when dated_commitments.due_on < present_day.day then 'overdue'
            when dated_commitments.planned_on is null then 'unplanned'
            when dated_commitments.planned_on > dated_commitments.due_on
                then 'planned_late'
            when dated_commitments.planned_on < present_day.day
                then 'plan_passed'
            else 'on_plan'
        end as state,
        dated_commitments.move_count,
        dated_commitments.due_on,
        dated_commitments.planned_on,
        dated_commitments.delivered_on,
        dated_commitments.moved_on,
        case
            when dated_commitments.basis = 'unknown' then cast(null as date)
            when dated_commitments.delivered_on is not null
                then dated_commitments.delivered_on
            when dated_commitments.due_on < present_day.day
                then present_day.day
            else dated_commitments.planned_on
        end as compared_on
    from dated_commitments
    cross join present_day
),

late_commitments as (
    select
        commitment_id,
        customer,
        item_id,
        release_id,
        release_name,
        clause,
        account_manager,
        basis,
        state,
        cast(
            round(
                seconds_between(
                    cast(due_on as timestamp), cast(compared_on as timestamp)
                ) / 86400e0
            ) as bigint
        ) as days_late,
        move_count,
        due_on,
        planned_on,
        delivered_on,
        moved_on
    from judged_commitments
)

select
    commitment_id,
    customer,
    item_id,
    release_id,
    release_name,
    clause,
    account_manager,
    basis,
    state,
    days_late,
    move_count,
    due_on,
    planned_on,
    delivered_on,
    moved_on
from late_commitments
order by commitment_id
