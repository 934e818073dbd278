-- name: risk_tiers
-- about: How many items are in each risk tier, and what the tier must have.
-- grain: one row per risk tier
-- key: tier_position
-- reads: items_as_of, item_risk_tiers, aging
-- columns:
--   tier_position  bigint  1 for the highest tier.
--   risk_tier      string  high, medium, low or unknown.
--   item_count     bigint  Items.
--   open_count     bigint  Of these, open.
--   must_have      string  What gates ask of an item of the tier.

-- coverage.md, 6.1: "tier by data sensitivity, user impact and regulatory
-- scope; what that tier must have". What is asked is what the gates ask by
-- the tier; what they ask by other marks (regulations, what an item touches,
-- its size) comes on top, whatever the tier.

with tiers as (
    select
        1 as tier_position,
        'high' as risk_tier,
        'a decision of the change advisory board, a canary, and rollback '
        || 'criteria with a threshold' as must_have
    union all
    select
        2 as tier_position,
        'medium' as risk_tier,
        'rollback criteria with a threshold' as must_have
    union all
    select
        3 as tier_position,
        'low' as risk_tier,
        'rollback criteria with a threshold' as must_have
    union all
    select
        4 as tier_position,
        'unknown' as risk_tier,
        'data sensitivity and user impact: until these are known, what a '
        || 'high-risk item must have' as must_have
),

item_rows as (
    select item_id
    from items_as_of
),

open_items as (
    select item_id
    from aging
),

counts as (
    select
        coalesce(item_risk_tiers.risk_tier, 'unknown') as risk_tier,
        count(*) as item_count,
        count(open_items.item_id) as open_count
    from item_rows
    inner join item_risk_tiers
        on item_rows.item_id = item_risk_tiers.item_id
    left join open_items
        on item_rows.item_id = open_items.item_id
    group by coalesce(item_risk_tiers.risk_tier, 'unknown')
)

select
    cast(tiers.tier_position as bigint) as tier_position,
    tiers.risk_tier,
    cast(coalesce(counts.item_count, 0) as bigint) as item_count,
    cast(coalesce(counts.open_count, 0) as bigint) as open_count,
    tiers.must_have
from tiers
left join counts
    on tiers.risk_tier = counts.risk_tier
order by tier_position
