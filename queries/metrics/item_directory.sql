-- name: item_directory
-- about: Every item as it stood at the as-of, for lists to name it by.
-- grain: one row per item
-- key: item_id
-- reads: items_as_of
-- columns:
--   item_id        string      Tracker key, for example ABC-12.
--   title          string?     Title.
--   item_type      string?     feature, defect, hotfix, ...
--   status         string?     The source's own word.
--   team           string?     Team.
--   system         string?     System.
--   owner          string?     Who works on it.
--   release_id     string?     Release it is planned for.
--   source_url     string?     The item in its tracker.
--   is_rewindable  boolean     The item has a change log.
--   created_at     timestamp?  Creation.

with item_rows as (
    select
        item_id,
        title,
        item_type,
        status,
        team,
        system,
        owner,
        release_id,
        source_url,
        is_rewindable,
        created_at
    from items_as_of
)

select
    item_id,
    title,
    item_type,
    status,
    team,
    system,
    owner,
    release_id,
    source_url,
    is_rewindable,
    created_at
from item_rows
order by item_id
