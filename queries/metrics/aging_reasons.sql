-- name: aging_reasons
-- about: Why open items wait: how many for each reason, and the oldest.
-- grain: one row per reason
-- key: waits_for
-- reads: aging
-- columns:
--   waits_for         string   blocked, unclear, unowned, unestimated, none.
--   reason_position   bigint   The order in which reasons are looked for.
--   item_count        bigint   Open items.
--   committed_count   bigint   Of these, committed to.
--   past_p85_count    bigint   Of the committed, past their stage's 85 % pace.
--   median_age_days   double?  Median days since creation.
--   oldest_age_days   double?  Most days since creation.
--   oldest_item_id    string?  The item that is so old.

-- Definition, Aging: "Why it waits: blocked (open dependency), unclear (sent
-- back, or feasibility unknown), unowned, unestimated, none of these." An item
-- counts under the first reason that holds; every reason has its row.

with reasons as (
    select
        waits_for,
        reason_position
    from (
        values
        ('blocked', 1),
        ('unclear', 2),
        ('unowned', 3),
        ('unestimated', 4),
        ('none', 5)
    ) as listed_reasons (waits_for, reason_position)
),

open_items as (
    select
        item_id,
        waits_for,
        is_committed,
        is_past_p85,
        age_days
    from aging
),

oldest_items as (
    select
        waits_for,
        item_id,
        age_days
    from open_items
    where age_days is not null
    qualify row_number() over (
        partition by waits_for
        order by age_days desc, item_id
    ) = 1
),

reason_counts as (
    select
        waits_for,
        count(*) as item_count,
        count(*) filter (where is_committed) as committed_count,
        count(*) filter (where is_committed and is_past_p85) as past_p85_count,
        median(age_days) as median_age_days
    from open_items
    group by waits_for
),

reason_rows as (
    select
        reasons.waits_for,
        cast(reasons.reason_position as bigint) as reason_position,
        coalesce(reason_counts.item_count, 0) as item_count,
        coalesce(reason_counts.committed_count, 0) as committed_count,
        coalesce(reason_counts.past_p85_count, 0) as past_p85_count,
        reason_counts.median_age_days,
        oldest_items.age_days as oldest_age_days,
        oldest_items.item_id as oldest_item_id
    from reasons
    left join reason_counts
        on reasons.waits_for = reason_counts.waits_for
    left join oldest_items
        on reasons.waits_for = oldest_items.waits_for
)

select
    waits_for,
    reason_position,
    item_count,
    committed_count,
    past_p85_count,
    median_age_days,
    oldest_age_days,
    oldest_item_id
from reason_rows
order by waits_for
