-- name: answer_candidates
-- about: Open items that may answer what operations report, by their titles.
-- grain: one row per open item with a title
-- key: item_id
-- reads: aging
-- columns:
--   item_id  string  Tracker key.
--   title    string  Title.

-- An item without a title says nothing; it answers only what names it.

with open_items as (
    select
        item_id,
        nullif(trim(title), '') as title
    from aging
)

select
    item_id,
    title
from open_items
where title is not null
order by item_id
