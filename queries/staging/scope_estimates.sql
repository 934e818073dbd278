-- name: scope_estimates
-- about: What each planned item was estimated at, and by how much that moved.
-- grain: one row per release, planned item and kind of estimate
-- key: release_id, item_id, field
-- reads: planned_items, item_history
-- columns:
--   release_id        string   Release.
--   item_id           string   Tracker key.
--   field             string   estimate_hours or story_points.
--   planned_estimate  double?  The estimate at the baseline.
--   resized           double   Sum of |new - old| since, while it was in.

-- Definition, Scope volatility: "resize churn = sum of |new - old estimate| /
-- planned estimate". Resizing is that of planned items while they are in the
-- release; an estimate given for the first time resizes nothing.

with planned_scope as (
    select
        release_id,
        item_id,
        baseline_at,
        watched_until
    from planned_items
),

estimates as (
    select
        item_id,
        field,
        try_cast(value as double) as estimate,
        lag(try_cast(value as double)) over (
            partition by item_id, field
            order by period_number
        ) as estimate_before,
        period_number,
        started_at,
        ended_at
    from item_history
    where field in ('estimate_hours', 'story_points')
),

planned_periods as (
    select
        planned_scope.release_id,
        planned_scope.item_id,
        estimates.field,
        case
            when (
                estimates.started_at is null
                or estimates.started_at <= planned_scope.baseline_at
            )
            and (
                estimates.ended_at is null
                or estimates.ended_at > planned_scope.baseline_at
            )
                then estimates.estimate
        end as planned_estimate,
        case
            when estimates.period_number > 1
                and estimates.started_at > planned_scope.baseline_at
                and estimates.started_at <= planned_scope.watched_until
                then abs(estimates.estimate - estimates.estimate_before)
        end as resized
    from planned_scope
    inner join estimates
        on planned_scope.item_id = estimates.item_id
),

item_estimates as (
    select
        release_id,
        item_id,
        field,
        sum(planned_estimate) as planned_estimate,
        coalesce(sum(resized), 0e0) as resized
    from planned_periods
    group by release_id, item_id, field
)

select
    release_id,
    item_id,
    field,
    planned_estimate,
    resized
from item_estimates
order by release_id, item_id, field
