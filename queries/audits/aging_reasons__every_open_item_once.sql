-- name: aging_reasons__every_open_item_once
-- about: Reasons and age buckets count each open item once.
-- grain: one row where the claim is broken
-- key: open_count
-- reads: aging, aging_reasons, backlog_ages
-- columns:
--   open_count    bigint  Open items.
--   reason_count  bigint  Those of all reasons.
--   bucket_count  bigint  Those of all age buckets.

with open_items as (
    select
        count(*) as open_count,
        count(*) filter (where not is_committed) as backlog_count
    from aging
),

reasons as (
    select cast(sum(item_count) as bigint) as reason_count
    from aging_reasons
),

buckets as (
    select cast(sum(item_count) as bigint) as bucket_count
    from backlog_ages
),

broken as (
    select
        open_items.open_count,
        reasons.reason_count,
        buckets.bucket_count
    from open_items
    cross join reasons
    cross join buckets
    where
        open_items.open_count <> reasons.reason_count
        or open_items.backlog_count <> buckets.bucket_count
)

select
    open_count,
    reason_count,
    bucket_count
from broken
order by open_count
