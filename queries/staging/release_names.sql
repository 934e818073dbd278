-- name: release_names
-- about: Every word by which a release is called, with the release it means.
-- grain: one row per word
-- key: release_name
-- reads: releases, items, item_events
-- columns:
--   release_name  string  An id, a present name or a former name.
--   release_id    string  The release that is meant.
--   basis         string  id, name or former_name.

-- Definition, Scope volatility: "A release renamed after its baseline is the
-- same release." Change logs keep the name a release had at the time, while
-- `releases` has the present one only. A word that no release bears is taken
-- as a former name when it is the last release that the log gives for some
-- items and all of those items stand in one known release today.

with release_rows as (
    select
        release_id,
        name
    from releases
),

item_rows as (
    select
        item_id,
        release_id
    from items
),

release_events as (
    select
        item_id,
        new_value,
        changed_at
    from item_events
    where field = 'release'
),

words_by_id as (
    select
        release_id as release_name,
        release_id,
        'id' as basis
    from release_rows
),

-- Two releases of one name cannot be told apart by it: the first id wins.
words_by_name as (
    select
        release_rows.name as release_name,
        min(release_rows.release_id) as release_id,
        'name' as basis
    from release_rows
    where release_rows.name not in (
        select words_by_id.release_name
        from words_by_id
    )
    group by release_rows.name
),

known_words as (
    select release_name, release_id, basis from words_by_id
    union all
    select release_name, release_id, basis from words_by_name
),

last_events as (
    select
        item_id,
        new_value
    from release_events
    qualify row_number() over (
        partition by item_id
        order by changed_at desc, new_value desc nulls last
    ) = 1
),

former_words as (
    select
        last_events.new_value as release_name,
        min(present_words.release_id) as release_id,
        'former_name' as basis
    from last_events
    inner join item_rows
        on last_events.item_id = item_rows.item_id
    inner join known_words as present_words
        on item_rows.release_id = present_words.release_name
    left join known_words as own_words
        on last_events.new_value = own_words.release_name
    where
        last_events.new_value is not null
        and own_words.release_name is null
    group by last_events.new_value
    having count(distinct present_words.release_id) = 1
),

all_words as (
    select release_name, release_id, basis from known_words
    union all
    select release_name, release_id, basis from former_words
)

select
    release_name,
    release_id,
    basis
from all_words
order by release_name
