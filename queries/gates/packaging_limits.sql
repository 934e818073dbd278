-- name: packaging_limits
-- title: Packaging limits
-- group: packaging
-- about: No release carries more features, hotfixes or infrastructure changes
--   than its criticality and its risk allow.
-- guards: shipping
-- needs: items, releases
-- reads: gate_limits, release_moments, release_scope
-- limits:
--   max_features_low  20  Features, low criticality
--   max_features_medium  15  Features, medium
--   max_features_high  10  Features, high
--   max_features_critical  5  Features, critical
--   max_hotfixes_low  5  Hotfixes, low criticality
--   max_hotfixes_medium  4  Hotfixes, medium
--   max_hotfixes_high  3  Hotfixes, high
--   max_hotfixes_critical  2  Hotfixes, critical
--   max_infrastructure_low  10  Infrastructure changes, low criticality
--   max_infrastructure_medium  8  Infrastructure changes, medium
--   max_infrastructure_high  5  Infrastructure changes, high
--   max_infrastructure_critical  3  Infrastructure changes, critical
--   high_risk_items  3  High-risk items that raise the criticality by one

-- coverage.md, 3.1: "features, hotfixes, infrastructure changes against the
-- limit for the release's criticality and risk". Risk: a release with so many
-- items of the high risk tier is held to the limits of the next criticality.
-- An unknown criticality is any of the four, an item of unknown tier may be
-- high, and one of unknown type may be of each: the counts and limits that are
-- possible are compared, and where they do not agree nobody knows. A release
-- that carries nothing has no row, nor has one that was called off before it
-- shipped. What it carries is counted, none of it is dated evidence.

with levels as (
    select
        level_rank,
        level
    from (
        values (1, 'low'), (2, 'medium'), (3, 'high'), (4, 'critical')
    ) as named_levels(level_rank, level)
),

limits as (
    select
        limit_name,
        number
    from gate_limits
    where gate = 'packaging_limits'
),

level_limits as (
    select
        levels.level_rank,
        max(limits.number) filter (
            where limits.limit_name = 'max_features_' || levels.level
        ) as max_features,
        max(limits.number) filter (
            where limits.limit_name = 'max_hotfixes_' || levels.level
        ) as max_hotfixes,
        max(limits.number) filter (
            where limits.limit_name = 'max_infrastructure_' || levels.level
        ) as max_infrastructure,
        max(limits.number) filter (
            where limits.limit_name = 'high_risk_items'
        ) as high_risk_items
    from levels
    cross join limits
    group by levels.level_rank
),

moments as (
    select
        release_moments.release_id,
        release_moments.ship_due_at,
        levels.level_rank
    from release_moments
    left join levels
        on release_moments.criticality = levels.level
    where not release_moments.is_called_off
),

scope as (
    select
        release_id,
        count(*) filter (where item_type = 'feature') as feature_count,
        count(*) filter (where item_type = 'hotfix') as hotfix_count,
        count(*) filter (where item_type = 'infrastructure')
            as infrastructure_count,
        count(*) filter (where item_type is null) as untyped_count,
        count(*) filter (where risk_tier = 'high') as high_count,
        count(*) filter (where risk_tier is null) as untiered_count
    from release_scope
    group by release_id
),

risk_limit as (
    select max(high_risk_items) as high_risk_items
    from level_limits
),

ranked_releases as (
    select
        scope.release_id,
        scope.feature_count,
        scope.hotfix_count,
        scope.infrastructure_count,
        scope.untyped_count,
        scope.high_count,
        moments.ship_due_at,
        moments.level_rank,
        scope.high_count >= risk_limit.high_risk_items
        and coalesce(moments.level_rank, 1) < 4 as is_raised,
        least(
            coalesce(moments.level_rank, 1) + case
                when scope.high_count >= risk_limit.high_risk_items then 1
                else 0
            end,
            4
        ) as least_rank,
        least(
            coalesce(moments.level_rank, 4) + case
                when scope.high_count + scope.untiered_count
                    >= risk_limit.high_risk_items then 1
                else 0
            end,
            4
        ) as most_rank
    from scope
    inner join moments
        on scope.release_id = moments.release_id
    cross join risk_limit
),

limited_releases as (
    select
        ranked_releases.release_id,
        min(level_limits.max_features) as strict_features,
        max(level_limits.max_features) as loose_features,
        min(level_limits.max_hotfixes) as strict_hotfixes,
        max(level_limits.max_hotfixes) as loose_hotfixes,
        min(level_limits.max_infrastructure) as strict_infrastructure,
        max(level_limits.max_infrastructure) as loose_infrastructure
    from ranked_releases
    inner join level_limits
        on level_limits.level_rank >= ranked_releases.least_rank
        and level_limits.level_rank <= ranked_releases.most_rank
    group by ranked_releases.release_id
),

judged_releases as (
    select
        ranked_releases.release_id,
        ranked_releases.feature_count,
        ranked_releases.hotfix_count,
        ranked_releases.infrastructure_count,
        ranked_releases.untyped_count,
        ranked_releases.high_count,
        ranked_releases.ship_due_at,
        ranked_releases.level_rank,
        ranked_releases.is_raised,
        ranked_releases.least_rank <> ranked_releases.most_rank
            as is_between_levels,
        case
            when ranked_releases.feature_count
                > limited_releases.loose_features
                or ranked_releases.hotfix_count
                > limited_releases.loose_hotfixes
                or ranked_releases.infrastructure_count
                > limited_releases.loose_infrastructure then 'fail'
            when ranked_releases.feature_count
                + ranked_releases.untyped_count
                <= limited_releases.strict_features
                and ranked_releases.hotfix_count
                + ranked_releases.untyped_count
                <= limited_releases.strict_hotfixes
                and ranked_releases.infrastructure_count
                + ranked_releases.untyped_count
                <= limited_releases.strict_infrastructure then 'pass'
            else 'unknown'
        end as verdict,
        regexp_replace(
            cast(limited_releases.strict_features as string), '[.]0$', ''
        ) || case
            when limited_releases.strict_features
                < limited_releases.loose_features
                then ' to ' || regexp_replace(
                    cast(limited_releases.loose_features as string),
                    '[.]0$',
                    ''
                )
            else ''
        end as feature_limit,
        regexp_replace(
            cast(limited_releases.strict_hotfixes as string), '[.]0$', ''
        ) || case
            when limited_releases.strict_hotfixes
                < limited_releases.loose_hotfixes
                then ' to ' || regexp_replace(
                    cast(limited_releases.loose_hotfixes as string),
                    '[.]0$',
                    ''
                )
            else ''
        end as hotfix_limit,
        regexp_replace(
            cast(limited_releases.strict_infrastructure as string),
            '[.]0$',
            ''
        ) || case
            when limited_releases.strict_infrastructure
                < limited_releases.loose_infrastructure
                then ' to ' || regexp_replace(
                    cast(limited_releases.loose_infrastructure as string),
                    '[.]0$',
                    ''
                )
            else ''
        end as infrastructure_limit
    from ranked_releases
    inner join limited_releases
        on ranked_releases.release_id = limited_releases.release_id
)

select
    'packaging_limits' as gate,
    'release' as subject_type,
    release_id as subject_id,
    release_id,
    cast(null as string) as team,
    verdict,
    release_id || ': features ' || cast(feature_count as string)
    || ' (limit ' || feature_limit || '), hotfixes '
    || cast(hotfix_count as string) || ' (limit ' || hotfix_limit
    || '), infrastructure changes ' || cast(infrastructure_count as string)
    || ' (limit ' || infrastructure_limit || ')'
    || case
        when untyped_count > 0
            then ', of unknown type ' || cast(untyped_count as string)
        else ''
    end
    || case when level_rank is null then '; criticality unknown' else '' end
    || case
        when is_raised then
            '; held to the next criticality by '
            || cast(high_count as string) || ' high-risk items'
        when is_between_levels and level_rank is not null
            then '; risk of some items unknown'
        else ''
    end as reason,
    cast(null as string) as evidence_id,
    cast(null as timestamp) as evidence_at,
    ship_due_at as due_at
from judged_releases
order by gate, subject_type, subject_id, release_id
