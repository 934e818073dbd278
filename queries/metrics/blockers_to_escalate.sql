-- name: blockers_to_escalate
-- about: What open items wait for, by how much waits behind it.
-- grain: one row per thing that an open item needs
-- key: needs_kind, needs_id
-- reads: precedence_items, precedence_edges, item_precedence,
--   dependency_spans, aging
-- columns:
--   needs_kind     string   item, unknown_item, service, data_platform, vendor.
--   needs_id       string   What is needed.
--   position       bigint   1 for what is most urgent to escalate.
--   title          string?  Title, of an open item.
--   upstream       string   Team that answers for it, else its own name.
--   status         string?  Status, of an open item.
--   release_name   string?  Release of an open item.
--   is_root        boolean  It waits for nothing itself, or for itself in a
--                           cycle: nothing moves before somebody moves it.
--   direct_count   bigint   Open items that need it.
--   behind_count   bigint   Open items that need it, directly or by way of
--                           others.
--   overdue_count  bigint   Of the direct ones, needed before the as-of.
--   oldest_days    double?  How long the first of them has waited.
--   value_behind   double?  Business value of the open items that need it
--                           directly; null where none is stated.
--   source_url     string?  An open item in its tracker.

-- Escalate what is overdue first, then what holds up most; of what waits for
-- something else itself, that other comes first.

with needs as (
    select
        item_id,
        needs_kind,
        needs_id
    from precedence_edges
),

placed_nodes as (
    select
        node_kind,
        node_id,
        knot,
        behind_count
    from item_precedence
),

valued_items as (
    select
        item_id,
        business_value
    from precedence_items
),

spans as (
    select
        item_id,
        depends_on,
        upstream,
        waiting_days,
        is_overdue
    from dependency_spans
    where is_open
),

open_items as (
    select
        item_id,
        title,
        status,
        release_name,
        source_url
    from aging
),

waiting_items as (
    select item_id
    from needs
    group by item_id
),

summed_needs as (
    select
        needs.needs_kind,
        needs.needs_id,
        min(spans.upstream) as upstream,
        count(*) as direct_count,
        count(*) filter (where spans.is_overdue) as overdue_count,
        max(spans.waiting_days) as oldest_days,
        sum(valued_items.business_value) as value_behind
    from needs
    inner join spans
        on needs.item_id = spans.item_id
        and needs.needs_id = spans.depends_on
    left join valued_items
        on needs.item_id = valued_items.item_id
    group by needs.needs_kind, needs.needs_id
),

blockers as (
    select
        summed_needs.needs_kind,
        summed_needs.needs_id,
        open_items.title,
        summed_needs.upstream,
        open_items.status,
        open_items.release_name,
        summed_needs.needs_kind <> 'item'
        or waiting_items.item_id is null
        or placed_nodes.knot is not null as is_root,
        summed_needs.direct_count,
        placed_nodes.behind_count,
        summed_needs.overdue_count,
        summed_needs.oldest_days,
        summed_needs.value_behind,
        open_items.source_url
    from summed_needs
    left join placed_nodes
        on summed_needs.needs_kind = placed_nodes.node_kind
        and summed_needs.needs_id = placed_nodes.node_id
    left join open_items
        on summed_needs.needs_kind = 'item'
        and summed_needs.needs_id = open_items.item_id
    left join waiting_items
        on summed_needs.needs_kind = 'item'
        and summed_needs.needs_id = waiting_items.item_id
)

select
    needs_kind,
    needs_id,
    row_number() over (
        order by
            is_root desc,
            overdue_count > 0 desc,
            behind_count desc,
            oldest_days desc nulls last,
            needs_id,
            needs_kind
    ) as position,
    title,
    upstream,
    status,
    release_name,
    is_root,
    direct_count,
    behind_count,
    overdue_count,
    oldest_days,
    value_behind,
    source_url
from blockers
order by needs_kind, needs_id
