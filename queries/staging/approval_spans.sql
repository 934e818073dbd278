-- name: approval_spans
-- about: When each item waited for an approval, overlapping waits merged.
-- grain: one row per item and approval span
-- key: item_id, span_number
-- reads: params, items_as_of, item_stages, approvals
-- columns:
--   item_id      string     Tracker key.
--   span_number  bigint     1 for the earliest span.
--   started_at   timestamp  Start.
--   ended_at     timestamp  End, or the as-of while still waiting.

-- Definition, Cycle time: approval wait is "stages that [workflow] marks as
-- approval, and requested -> decided". Only approvals of the item itself
-- count; both at once count once. A request that is undecided at the as-of
-- waits up to it.

with instant as (
    select as_of
    from params
),

item_rows as (
    select item_id
    from items_as_of
),

approval_stays as (
    select
        item_id,
        entered_at,
        left_at
    from item_stages
    where kind = 'approval'
),

item_approvals as (
    select
        subject_id as item_id,
        requested_at,
        decided_at
    from approvals
    where subject_type = 'item' and requested_at is not null
),

waits as (
    select item_id, entered_at as started_at, left_at as ended_at
    from approval_stays
    union all
    select item_id, requested_at as started_at, decided_at as ended_at
    from item_approvals
),

-- Distinct, so that the order below is one order: of two waits of one span,
-- either may come first, and two windows need not choose alike.
clipped_waits as (
    select distinct
        waits.item_id,
        waits.started_at,
        least(
            coalesce(waits.ended_at, instant.as_of), instant.as_of
        ) as ended_at
    from waits
    cross join instant
    inner join item_rows
        on waits.item_id = item_rows.item_id
),

ordered_waits as (
    select
        item_id,
        started_at,
        ended_at,
        max(ended_at) over (
            partition by item_id
            order by started_at, ended_at
            rows between unbounded preceding and 1 preceding
        ) as latest_end
    from clipped_waits
    where ended_at > started_at
),

grouped_waits as (
    select
        item_id,
        started_at,
        ended_at,
        sum(case when started_at <= latest_end then 0 else 1 end) over (
            partition by item_id
            order by started_at, ended_at
            rows between unbounded preceding and current row
        ) as span_number
    from ordered_waits
),

merged_spans as (
    select
        item_id,
        cast(span_number as bigint) as span_number,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from grouped_waits
    group by item_id, span_number
)

select
    item_id,
    span_number,
    started_at,
    ended_at
from merged_spans
order by item_id, span_number
