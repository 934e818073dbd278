-- name: backlog_ages
-- about: The open items nobody is committed to, by how old they are.
-- grain: one row per age bucket
-- key: age_bucket
-- reads: aging
-- columns:
--   age_bucket       string   For example "30-90 days"; "unknown".
--   bucket_position  bigint   1 for the youngest; unknown ages come last.
--   item_count       bigint   Open items that old.
--   is_over_90       boolean  The bucket lies past 90 days.

-- ux.md, Backlog ageing (planning): age since creation of what is open and not
-- committed to. An item exactly 90 days old is in "90-180 days" and is over 90.

with buckets as (
    select
        age_bucket,
        bucket_position,
        from_days,
        until_days
    from (
        values
        ('under 7 days', 1, 0e0, 7e0),
        ('7-30 days', 2, 7e0, 30e0),
        ('30-90 days', 3, 30e0, 90e0),
        ('90-180 days', 4, 90e0, 180e0),
        ('180-365 days', 5, 180e0, 365e0),
        ('365 days and over', 6, 365e0, 1e9),
        ('unknown', 7, cast(null as double), cast(null as double))
    ) as listed_buckets (age_bucket, bucket_position, from_days, until_days)
),

backlog_items as (
    select
        item_id,
        age_days
    from aging
    where not is_committed
),

bucket_counts as (
    select
        buckets.age_bucket,
        cast(buckets.bucket_position as bigint) as bucket_position,
        count(backlog_items.item_id) as item_count,
        coalesce(buckets.from_days >= 90e0, false) as is_over_90
    from buckets
    left join backlog_items
        on (
            backlog_items.age_days >= buckets.from_days
            and backlog_items.age_days < buckets.until_days
        )
        or (backlog_items.age_days is null and buckets.from_days is null)
    group by
        buckets.age_bucket,
        buckets.bucket_position,
        buckets.from_days
)

select
    age_bucket,
    bucket_position,
    item_count,
    is_over_90
from bucket_counts
order by age_bucket
