-- name: scope_volatility_by_group
-- about: How much of each team's and each domain's scope of a release moved.
-- grain: one row per team or domain and release that had an item of it
-- key: dimension, level, release_id
-- reads: scope_volatility, scope_items, scope_estimates
-- columns:
--   dimension           string      team or domain.
--   level               string      Its name, "(no team)" or "(no domain)".
--   release_id          string      Release.
--   release_name        string      Its present name.
--   status              string?     planned, in_progress, released, cancelled.
--   is_named            boolean     False for "(no team)" and "(no domain)".
--   baseline_at         timestamp   When planned scope is read off.
--   freeze_at           timestamp?  Scope freeze.
--   released_at         timestamp?  Release.
--   planned_count       bigint      Items in the release at its baseline.
--   added_count         bigint      Additions since.
--   removed_count       bigint      Removals since.
--   readded_count       bigint      Of the additions, items that came back.
--   after_freeze_count  bigint      Of the changes, those after the freeze.
--   change_count        bigint      Additions and removals.
--   scope_item_count    bigint      Items that were planned or have moved.
--   moved_item_count    bigint      Of these, those that have moved.
--   resized_count       bigint      Planned items whose estimate moved.
--   gross_ratio         double?     (added + removed) / planned.
--   net_ratio           double?     (added - removed) / planned.
--   resize_churn_ratio  double?     Estimate moved / planned estimate.
--   after_freeze_ratio  double?     Changes after the freeze / changes.
--   exclusion           string?     Why it is no point of a chart; see below.

-- Definition, Scope volatility, as in the mart of that name, over the items
-- that count for the team or the domain (see scope_items). Added up over the
-- levels of one dimension, the counts are those of the release. Estimates are
-- hours, or story points where no planned item of the level has hours.
-- exclusion  cancelled         the release never was.
--            not_over          it is not released, so changes still come.
--            no_planned_items  nothing of the level was planned: n/a.

with releases_rated as (
    select
        release_id,
        release_name,
        status,
        baseline_at,
        freeze_at,
        released_at
    from scope_volatility
    where baseline_at is not null
),

item_rows as (
    select
        release_id,
        item_id,
        team,
        domain,
        added_count,
        removed_count,
        readded_count,
        after_freeze_count,
        change_count,
        is_planned
    from scope_items
),

estimates as (
    select
        release_id,
        item_id,
        field,
        planned_estimate,
        resized
    from scope_estimates
),

levelled_items as (
    select
        'team' as dimension, coalesce(team, '(no team)') as level,
        team is not null as is_named, release_id, item_id, added_count,
        removed_count, readded_count, after_freeze_count, change_count,
        is_planned
    from item_rows
    union all
    select
        'domain' as dimension, coalesce(domain, '(no domain)') as level,
        domain is not null as is_named, release_id, item_id, added_count,
        removed_count, readded_count, after_freeze_count, change_count,
        is_planned
    from item_rows
),

level_counts as (
    select
        dimension,
        level,
        release_id,
        bool_or(is_named) as is_named,
        count(*) filter (where is_planned) as planned_count,
        cast(sum(added_count) as bigint) as added_count,
        cast(sum(removed_count) as bigint) as removed_count,
        cast(sum(readded_count) as bigint) as readded_count,
        cast(sum(after_freeze_count) as bigint) as after_freeze_count,
        cast(sum(change_count) as bigint) as change_count,
        count(*) as scope_item_count,
        count(*) filter (where change_count > 0) as moved_item_count
    from levelled_items
    group by dimension, level, release_id
),

level_churns as (
    select
        levelled_items.dimension,
        levelled_items.level,
        levelled_items.release_id,
        estimates.field,
        count(*) filter (where estimates.resized > 0) as resized_count,
        sum(estimates.resized)
        / nullif(sum(estimates.planned_estimate), 0) as churn_ratio
    from levelled_items
    inner join estimates
        on levelled_items.release_id = estimates.release_id
        and levelled_items.item_id = estimates.item_id
    group by
        levelled_items.dimension,
        levelled_items.level,
        levelled_items.release_id,
        estimates.field
),

-- estimate_hours sorts before story_points.
chosen_churns as (
    select
        dimension,
        level,
        release_id,
        resized_count,
        churn_ratio
    from level_churns
    where churn_ratio is not null
    qualify row_number() over (
        partition by dimension, level, release_id
        order by field
    ) = 1
),

rated_levels as (
    select
        level_counts.dimension,
        level_counts.level,
        level_counts.release_id,
        releases_rated.release_name,
        releases_rated.status,
        level_counts.is_named,
        releases_rated.baseline_at,
        releases_rated.freeze_at,
        releases_rated.released_at,
        level_counts.planned_count,
        level_counts.added_count,
        level_counts.removed_count,
        level_counts.readded_count,
        level_counts.after_freeze_count,
        level_counts.change_count,
        level_counts.scope_item_count,
        level_counts.moved_item_count,
        coalesce(chosen_churns.resized_count, 0) as resized_count,
        1e0 * level_counts.change_count
        / nullif(level_counts.planned_count, 0) as gross_ratio,
        1e0 * (level_counts.added_count - level_counts.removed_count)
        / nullif(level_counts.planned_count, 0) as net_ratio,
        chosen_churns.churn_ratio as resize_churn_ratio,
        case
            when releases_rated.freeze_at is not null
                then 1e0 * level_counts.after_freeze_count
                    / nullif(level_counts.change_count, 0)
        end as after_freeze_ratio,
        case
            when releases_rated.status = 'cancelled' then 'cancelled'
            when releases_rated.released_at is null
                and coalesce(releases_rated.status, '') <> 'released'
                then 'not_over'
            when level_counts.planned_count = 0 then 'no_planned_items'
        end as exclusion
    from level_counts
    inner join releases_rated
        on level_counts.release_id = releases_rated.release_id
    left join chosen_churns
        on level_counts.dimension = chosen_churns.dimension
        and level_counts.level = chosen_churns.level
        and level_counts.release_id = chosen_churns.release_id
)

select
    dimension,
    level,
    release_id,
    release_name,
    status,
    is_named,
    baseline_at,
    freeze_at,
    released_at,
    planned_count,
    added_count,
    removed_count,
    readded_count,
    after_freeze_count,
    change_count,
    scope_item_count,
    moved_item_count,
    resized_count,
    gross_ratio,
    net_ratio,
    resize_churn_ratio,
    after_freeze_ratio,
    exclusion
from rated_levels
order by dimension, level, release_id
