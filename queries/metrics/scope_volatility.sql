-- name: scope_volatility
-- about: How much each release's scope moved after its baseline.
-- grain: one row per release
-- key: release_id
-- reads: params, releases_as_of, release_baselines, planned_items,
--   baseline_changes, scope_estimates, deliveries
-- columns:
--   release_id          string      Release.
--   release_name        string      Its present name.
--   system              string?     System.
--   status              string?     planned, in_progress, released, cancelled.
--   planned_at          timestamp?  Planned date.
--   baseline_at         timestamp?  When planned scope is read off.
--   baseline_basis      string?     freeze or first_commitment.
--   freeze_at           timestamp?  Scope freeze.
--   released_at         timestamp?  Release.
--   planned_count       bigint      Items in the release at its baseline.
--   added_count         bigint      Additions since.
--   removed_count       bigint      Removals since.
--   readded_count       bigint      Of the additions, items that came back.
--   after_freeze_count  bigint      Of the changes, those after the freeze.
--   change_count        bigint      Additions and removals.
--   delivered_count     bigint      Planned items delivered in the release.
--   gross_ratio         double?     (added + removed) / planned.
--   net_ratio           double?     (added - removed) / planned.
--   resize_churn_ratio  double?     Estimate moved / planned estimate.
--   after_freeze_ratio  double?     Changes after the freeze / changes.
--   delivered_ratio     double?     Delivered / planned.
--   exclusion           string?     Why it is left out; see below.

-- Definition, Scope volatility: gross = (added + removed) / planned; net =
-- (added - removed) / planned; resize churn = sum of |new - old estimate| /
-- planned estimate; "Added then removed: gross 2, net 0. planned = 0: n/a.
-- Delivered % is over planned." A re-addition is an addition too. What resizes
-- is said by scope_estimates. Estimates are hours, or story points where
-- no planned item has hours. A planned item counts as delivered if it is
-- still in the release and delivered by the release's end (the as-of while
-- unreleased; the last deployments of a release may follow it, so delivery
-- is looked for up to the as-of).
-- exclusion  no_baseline       neither a freeze nor a committed item.
--            baseline_ahead    the baseline lies after the as-of.
--            no_planned_items  nothing was in it at its baseline: n/a.

with instant as (
    select as_of
    from params
),

release_rows as (
    select
        release_id,
        release_name,
        system,
        status,
        planned_at,
        released_at
    from releases_as_of
),

baselines as (
    select
        release_id,
        baseline_at,
        baseline_basis,
        freeze_at,
        closed_at
    from release_baselines
),

planned_scope as (
    select
        release_id,
        item_id,
        is_kept
    from planned_items
),

changes as (
    select
        release_id,
        action,
        is_readded,
        is_after_freeze
    from baseline_changes
),

estimates as (
    select
        release_id,
        field,
        planned_estimate,
        resized
    from scope_estimates
),

delivered_items as (
    select item_id
    from deliveries
),

planned_counts as (
    select
        planned_scope.release_id,
        count(*) as planned_count,
        count(delivered_items.item_id) filter (
            where planned_scope.is_kept
        ) as delivered_count
    from planned_scope
    left join delivered_items
        on planned_scope.item_id = delivered_items.item_id
    group by planned_scope.release_id
),

change_counts as (
    select
        release_id,
        count(*) as change_count,
        count(*) filter (where action = 'added') as added_count,
        count(*) filter (where action = 'removed') as removed_count,
        count(*) filter (where is_readded) as readded_count,
        count(*) filter (where is_after_freeze) as after_freeze_count
    from changes
    group by release_id
),

churns as (
    select
        release_id,
        field,
        sum(resized) / nullif(sum(planned_estimate), 0) as churn_ratio
    from estimates
    group by release_id, field
),

-- estimate_hours sorts before story_points.
chosen_churns as (
    select
        release_id,
        churn_ratio
    from churns
    where churn_ratio is not null
    qualify row_number() over (
        partition by release_id
        order by field
    ) = 1
),

counted_releases as (
    select
        release_rows.release_id,
        release_rows.release_name,
        release_rows.system,
        release_rows.status,
        release_rows.planned_at,
        baselines.baseline_at,
        baselines.baseline_basis,
        baselines.freeze_at,
        release_rows.released_at,
        coalesce(planned_counts.planned_count, 0) as planned_count,
        coalesce(change_counts.added_count, 0) as added_count,
        coalesce(change_counts.removed_count, 0) as removed_count,
        coalesce(change_counts.readded_count, 0) as readded_count,
        coalesce(change_counts.after_freeze_count, 0) as after_freeze_count,
        coalesce(change_counts.change_count, 0) as change_count,
        coalesce(planned_counts.delivered_count, 0) as delivered_count,
        chosen_churns.churn_ratio,
        case
            when baselines.baseline_at is null then 'no_baseline'
            when baselines.baseline_at > instant.as_of then 'baseline_ahead'
            when planned_counts.planned_count is null then 'no_planned_items'
        end as exclusion
    from release_rows
    cross join instant
    inner join baselines
        on release_rows.release_id = baselines.release_id
    left join planned_counts
        on release_rows.release_id = planned_counts.release_id
    left join change_counts
        on release_rows.release_id = change_counts.release_id
    left join chosen_churns
        on release_rows.release_id = chosen_churns.release_id
),

rated_releases as (
    select
        release_id,
        release_name,
        system,
        status,
        planned_at,
        baseline_at,
        baseline_basis,
        freeze_at,
        released_at,
        planned_count,
        added_count,
        removed_count,
        readded_count,
        after_freeze_count,
        change_count,
        delivered_count,
        1e0 * (added_count + removed_count)
        / nullif(planned_count, 0) as gross_ratio,
        1e0 * (added_count - removed_count)
        / nullif(planned_count, 0) as net_ratio,
        churn_ratio as resize_churn_ratio,
        case
            when freeze_at is not null
                then 1e0 * after_freeze_count / nullif(change_count, 0)
        end as after_freeze_ratio,
        1e0 * delivered_count / nullif(planned_count, 0) as delivered_ratio,
        exclusion
    from counted_releases
)

select
    release_id,
    release_name,
    system,
    status,
    planned_at,
    baseline_at,
    baseline_basis,
    freeze_at,
    released_at,
    planned_count,
    added_count,
    removed_count,
    readded_count,
    after_freeze_count,
    change_count,
    delivered_count,
    gross_ratio,
    net_ratio,
    resize_churn_ratio,
    after_freeze_ratio,
    delivered_ratio,
    exclusion
from rated_releases
order by release_id
