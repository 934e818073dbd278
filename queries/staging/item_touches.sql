-- name: item_touches
-- about: What each item touches, word by word.
-- grain: one row per item and touch
-- key: item_id, touch
-- reads: items, items_as_of
-- columns:
--   item_id  string  Tracker key.
--   touch    string  authentication, data_access, third_party, ..., in lower
--                    case.

-- Lists are taken apart by ordinal, which reads alike on both engines; the
-- first 100 words of an item count. Blanks and hyphens within a word are read
-- as the contract writes it: `third-party` is third_party.

with item_rows as (
    select
        items.item_id,
        items.touches
    from items
    inner join items_as_of
        on items.item_id = items_as_of.item_id
    where list_length(items.touches) > 0
),

positions as (
    select cast(number as bigint) + 1 as ordinal
    from range(100) as numbers(number)
),

listed as (
    select distinct
        item_rows.item_id,
        replace(
            replace(
                lower(
                    trim(list_element_at(item_rows.touches, positions.ordinal))
                ),
                ' ',
                '_'
            ),
            '-',
            '_'
        ) as touch
    from item_rows
    inner join positions
        on positions.ordinal <= list_length(item_rows.touches)
)

select
    item_id,
    touch
from listed
where touch <> ''
order by item_id, touch
