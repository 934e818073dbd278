-- name: item_risk_tiers
-- about: The risk tier of each item, and what makes it so.
-- grain: one row per item
-- key: item_id
-- reads: items, items_as_of
-- columns:
--   item_id           string   Tracker key.
--   risk_tier         string?  high, medium or low; null where what is known
--                              does not decide it.
--   tier_reason       string   What makes it so.
--   sensitivity_rank  bigint?  3 special, 2 personal, 1 internal or none.
--   impact_rank       bigint?  3 high, 2 medium, 1 low.
--   regulation_rank   bigint   2 within the scope of a regulation, else 1.

-- coverage.md, 6.1: "tier by data sensitivity, user impact and regulatory
-- scope". The tier is the worst of the three. An item is high at once where
-- one of them is; where one is unknown and none is high, the tier is unknown,
-- as it could be. A regulatory scope that names nothing is none: exports have
-- no other way to say so.

with item_rows as (
    select
        items_as_of.item_id,
        items_as_of.data_sensitivity,
        items_as_of.user_impact,
        coalesce(list_length(items.regulatory_scope), 0) as regulation_count,
        list_element_at(items.regulatory_scope, 1) as first_regulation
    from items_as_of
    inner join items
        on items_as_of.item_id = items.item_id
),

ranked_items as (
    select
        item_id,
        data_sensitivity,
        user_impact,
        regulation_count,
        first_regulation,
        case data_sensitivity
            when 'special' then 3
            when 'personal' then 2
            when 'internal' then 1
            when 'none' then 1
        end as sensitivity_rank,
        case user_impact
            when 'high' then 3
            when 'medium' then 2
            when 'low' then 1
        end as impact_rank,
        case when regulation_count > 0 then 2 else 1 end as regulation_rank
    from item_rows
),

tiered_items as (
    select
        item_id,
        data_sensitivity,
        user_impact,
        regulation_count,
        first_regulation,
        sensitivity_rank,
        impact_rank,
        regulation_rank,
        case
            when sensitivity_rank = 3 or impact_rank = 3 then 'high'
            when sensitivity_rank is null or impact_rank is null
                then cast(null as string)
            when greatest(sensitivity_rank, impact_rank, regulation_rank) = 2
                then 'medium'
            else 'low'
        end as risk_tier
    from ranked_items
)

select
    item_id,
    risk_tier,
    'data sensitivity ' || coalesce(data_sensitivity, 'unknown')
    || ', user impact ' || coalesce(user_impact, 'unknown')
    || case
        when regulation_count = 0 then ', no regulation named'
        when regulation_count = 1
            then ', regulated: ' || coalesce(first_regulation, '?')
        else
            ', regulated: ' || coalesce(first_regulation, '?') || ' and '
            || cast(regulation_count - 1 as string) || ' more'
    end as tier_reason,
    cast(sensitivity_rank as bigint) as sensitivity_rank,
    cast(impact_rank as bigint) as impact_rank,
    cast(regulation_rank as bigint) as regulation_rank
from tiered_items
order by item_id
