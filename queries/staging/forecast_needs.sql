-- name: forecast_needs
-- about: What each item depends on, since when and until when.
-- grain: one row per dependency raised by the as-of
-- key: item_id, depends_on
-- reads: params, dependencies
-- columns:
--   item_id      string      The item that waits.
--   depends_on   string      What it waits for: an item, or a name.
--   kind         string      item, service, data_platform or vendor.
--   raised_at    timestamp?  When it was raised, if known.
--   resolved_at  timestamp?  When it was resolved; null while it is not.

-- dependency_spans ends a dependency with the item that waits as well; a
-- forecast asks only whether it was open at an instant at which the item was.

with instant as (
    select as_of
    from params
)

select
    dependencies.item_id,
    dependencies.depends_on,
    dependencies.kind,
    dependencies.raised_at,
    case
        when dependencies.resolved_at <= instant.as_of
            then dependencies.resolved_at
    end as resolved_at
from dependencies
cross join instant
where
    dependencies.raised_at is null
    or dependencies.raised_at <= instant.as_of
order by item_id, depends_on
