-- name: present_scores
-- about: The score that each item has by the present weights, open or not.
-- grain: one row per item
-- key: item_id
-- reads: item_values, formula_scores
-- columns:
--   item_id         string   Tracker key.
--   business_value  double?  Business value.
--   score           double?  The score; null where a part is unknown.

-- The formula laid on the past: what the present scoring would have put last. No
-- log carries the values: they are taken as they stand. Rounded to nine digits, so
-- that the last bit of a sum makes no order.

with stated_values as (
    select
        item_id,
        business_value
    from item_values
),

scores as (
    select
        item_id,
        score
    from formula_scores
    where scenario = 'now'
)

select
    stated_values.item_id,
    stated_values.business_value,
    round(scores.score, 9) as score
from stated_values
left join scores
    on stated_values.item_id = scores.item_id
order by item_id
