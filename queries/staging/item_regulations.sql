-- name: item_regulations
-- about: The regulations that each item is in the scope of, one by one.
-- grain: one row per item and regulation
-- key: item_id, regulation
-- reads: items, items_as_of
-- columns:
--   item_id     string  Tracker key.
--   regulation  string  GDPR, HIPAA, SOX, PCI, ..., in upper case.

-- Lists are taken apart by ordinal, which reads alike on both engines; the
-- first 100 regulations of an item count. A section or article behind the name
-- of a regulation is no regulation of its own: `SOX 404` and `SOX-404` are SOX.
-- `none` names none.

with item_rows as (
    select
        items.item_id,
        items.regulatory_scope
    from items
    inner join items_as_of
        on items.item_id = items_as_of.item_id
    where list_length(items.regulatory_scope) > 0
),

positions as (
    select cast(number as bigint) + 1 as ordinal
    from range(100) as numbers(number)
),

words as (
    select
        item_rows.item_id,
        upper(
            trim(list_element_at(item_rows.regulatory_scope, positions.ordinal))
        ) as word
    from item_rows
    inner join positions
        on positions.ordinal <= list_length(item_rows.regulatory_scope)
),

listed as (
    select distinct
        item_id,
        coalesce(
            nullif(
                regexp_extract(word, '^(GDPR|HIPAA|SOX|PCI)[ _-]', 1), ''
            ),
            word
        ) as regulation
    from words
)

select
    item_id,
    regulation
from listed
where regulation <> '' and regulation <> 'NONE'
order by item_id, regulation
