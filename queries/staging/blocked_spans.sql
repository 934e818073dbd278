-- name: blocked_spans
-- about: When each item was blocked, overlapping causes merged.
-- grain: one row per item and blocked span
-- key: item_id, span_number
-- reads: params, items_as_of, item_history, dependencies
-- columns:
--   item_id      string     Tracker key.
--   span_number  bigint     1 for the earliest span.
--   started_at   timestamp  Start.
--   ended_at     timestamp  End, or the as-of while still blocked.

-- Definition, Cycle time: blocked is "`blocked` events, or an open
-- dependency". Both at once count once. A dependency of unknown start cannot
-- be put on the clock; it still counts as open in `aging`.

with instant as (
    select as_of
    from params
),

item_rows as (
    select item_id
    from items_as_of
),

blocked_periods as (
    select
        item_id,
        started_at,
        ended_at
    from item_history
    where
        field = 'blocked'
        and value in ('true', 'yes', 'y', '1')
        and started_at is not null
),

dependency_rows as (
    select
        item_id,
        raised_at,
        resolved_at
    from dependencies
    where raised_at is not null
),

causes as (
    select item_id, started_at, ended_at
    from blocked_periods
    union all
    select item_id, raised_at as started_at, resolved_at as ended_at
    from dependency_rows
),

-- Distinct, so that the order below is one order: of two causes of one span,
-- either may come first, and two windows need not choose alike.
clipped_causes as (
    select distinct
        causes.item_id,
        causes.started_at,
        least(
            coalesce(causes.ended_at, instant.as_of), instant.as_of
        ) as ended_at
    from causes
    cross join instant
    inner join item_rows
        on causes.item_id = item_rows.item_id
),

ordered_causes as (
    select
        item_id,
        started_at,
        ended_at,
        max(ended_at) over (
            partition by item_id
            order by started_at, ended_at
            rows between unbounded preceding and 1 preceding
        ) as latest_end
    from clipped_causes
    where ended_at > started_at
),

grouped_causes as (
    select
        item_id,
        started_at,
        ended_at,
        sum(case when started_at <= latest_end then 0 else 1 end) over (
            partition by item_id
            order by started_at, ended_at
            rows between unbounded preceding and current row
        ) as span_number
    from ordered_causes
),

merged_spans as (
    select
        item_id,
        cast(span_number as bigint) as span_number,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from grouped_causes
    group by item_id, span_number
)

select
    item_id,
    span_number,
    started_at,
    ended_at
from merged_spans
order by item_id, span_number
