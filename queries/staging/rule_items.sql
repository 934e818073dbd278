-- name: rule_items
-- about: Each item of each release, as it stood when it was committed to.
-- grain: one row per release and item
-- key: release_id, item_id
-- reads: params, items_as_of, item_history, item_commitments,
--   starting_estimates, deliveries, release_scope
-- columns:
--   release_id      string      Release that carries it.
--   item_id         string      Tracker key.
--   team            string?     Team at known_at.
--   item_type       string?     feature, defect, hotfix, ...
--   system          string?     System.
--   estimate_hours  double?     Estimate at known_at.
--   story_points    double?     Size at known_at.
--   created_at      timestamp?  Creation.
--   joined_at       timestamp?  When it came into the release for the last time.
--   known_at        timestamp?  When the decision would be taken; null where
--                               nobody knows.

-- Definition, Rules: a rule is a condition on an item, its team or its release.
-- What the condition reads is what was known when one could still have acted:
-- known_at is the commitment; without one, the start of work; of an item that is
-- neither committed to nor delivered, the as-of. Where it lies after the
-- delivery, or nobody knows, nothing can be said to have been known: null. What
-- the change log does not carry is taken as it stands.

with settings as (
    select as_of
    from params
),

item_rows as (
    select
        item_id,
        item_type,
        system,
        created_at
    from items_as_of
),

commitments as (
    select
        item_id,
        committed_at
    from item_commitments
),

starts as (
    select
        item_id,
        began_at
    from starting_estimates
),

delivered_items as (
    select
        item_id,
        delivered_at
    from deliveries
),

scope_rows as (
    select
        release_id,
        item_id,
        joined_at
    from release_scope
),

known_items as (
    select
        item_rows.item_id,
        item_rows.item_type,
        item_rows.system,
        item_rows.created_at,
        delivered_items.delivered_at,
        coalesce(
            commitments.committed_at,
            starts.began_at,
            case
                when delivered_items.item_id is null then settings.as_of
            end
        ) as known_at
    from item_rows
    cross join settings
    left join commitments
        on item_rows.item_id = commitments.item_id
    left join starts
        on item_rows.item_id = starts.item_id
    left join delivered_items
        on item_rows.item_id = delivered_items.item_id
),

dated_items as (
    select
        item_id,
        item_type,
        system,
        created_at,
        case
            when delivered_at is null or known_at <= delivered_at
                then known_at
        end as known_at
    from known_items
),

periods as (
    select
        item_id,
        field,
        value,
        started_at,
        ended_at
    from item_history
    where field in ('team', 'estimate_hours', 'story_points')
),

values_then as (
    select
        dated_items.item_id,
        max(periods.value) filter (where periods.field = 'team') as team,
        max(try_cast(periods.value as double)) filter (
            where periods.field = 'estimate_hours'
        ) as estimate_hours,
        max(try_cast(periods.value as double)) filter (
            where periods.field = 'story_points'
        ) as story_points
    from dated_items
    inner join periods
        on dated_items.item_id = periods.item_id
    where (
            periods.started_at is null
            or periods.started_at <= dated_items.known_at
        )
        and (
            periods.ended_at is null
            or periods.ended_at > dated_items.known_at
        )
    group by dated_items.item_id
)

select
    scope_rows.release_id,
    scope_rows.item_id,
    values_then.team,
    dated_items.item_type,
    dated_items.system,
    values_then.estimate_hours,
    values_then.story_points,
    dated_items.created_at,
    scope_rows.joined_at,
    dated_items.known_at
from scope_rows
inner join dated_items
    on scope_rows.item_id = dated_items.item_id
left join values_then
    on scope_rows.item_id = values_then.item_id
order by release_id, item_id
