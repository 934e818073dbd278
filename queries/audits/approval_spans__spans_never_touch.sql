-- name: approval_spans__spans_never_touch
-- about: The spans in which an item waited for approval neither overlap nor touch.
-- grain: one row per item and span that breaks the claim
-- key: item_id, span_number
-- reads: approval_spans
-- columns:
--   item_id        string     Tracker key.
--   span_number    bigint     The span that begins too early.
--   started_at     timestamp  Its start.
--   covered_until  timestamp  Until when the spans before it last.

-- Spans that overlap would count one moment twice on the clock.

with spans as (
    select
        item_id,
        span_number,
        started_at,
        ended_at
    from approval_spans
),

ordered_spans as (
    select
        item_id,
        span_number,
        started_at,
        max(ended_at) over (
            partition by item_id
            order by span_number
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from spans
),

broken as (
    select
        item_id,
        span_number,
        started_at,
        covered_until
    from ordered_spans
    where started_at <= covered_until
)

select
    item_id,
    span_number,
    started_at,
    covered_until
from broken
order by item_id, span_number
