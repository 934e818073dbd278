-- name: item_history__periods_touch
-- about: A field's periods follow one another; one alone holds at the as-of.
-- grain: one row per item and field that breaks the claim
-- key: item_id, field
-- reads: item_history
-- columns:
--   item_id  string  Tracker key.
--   field    string  Field.

with periods as (
    select
        item_id,
        field,
        started_at,
        ended_at,
        lead(started_at) over (
            partition by item_id, field
            order by period_number
        ) as next_started_at,
        lead(period_number) over (
            partition by item_id, field
            order by period_number
        ) as next_period_number
    from item_history
),

broken as (
    select distinct
        item_id,
        field
    from periods
    where
        started_at > ended_at
        or ended_at is distinct from next_started_at
        or (next_period_number is null and ended_at is not null)
)

select
    item_id,
    field
from broken
order by item_id, field
