-- name: open_dependencies
-- title: Items committed to with {threshold} open dependencies or more
-- about: How much an item still waited for when it was committed to.
-- action: hold
-- compares: at_least
-- thresholds: 1, 2, 3
-- outcomes: failed_deployment, incident, overrun, delay, age
-- needs: items, dependencies
-- reads: rule_items, dependency_spans

-- Raised by then, and not over. Of a dependency that nobody knows the
-- beginning of, nobody knows whether it was open: such an item is unknown.

with item_rows as (
    select
        item_id,
        release_id,
        team,
        known_at
    from rule_items
),

spans as (
    select
        item_id,
        depends_on,
        raised_at,
        ended_at
    from dependency_spans
),

counted_items as (
    select
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at,
        cast(
            count(spans.depends_on) filter (
                where spans.raised_at <= item_rows.known_at
                    and coalesce(spans.ended_at > item_rows.known_at, true)
            ) as double
        ) as open_count,
        count(spans.depends_on) filter (
            where spans.raised_at is null
                and coalesce(spans.ended_at > item_rows.known_at, true)
        ) as undated_count
    from item_rows
    left join spans
        on item_rows.item_id = spans.item_id
    group by
        item_rows.item_id,
        item_rows.release_id,
        item_rows.team,
        item_rows.known_at
)

select
    'open_dependencies' as template,
    item_id,
    release_id,
    team,
    known_at,
    case
        when known_at is not null and undated_count = 0 then open_count
    end as value,
    cast(null as string) as category
from counted_items
order by template, item_id, release_id
