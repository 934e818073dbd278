-- name: threat_models
-- title: Threat models
-- group: risk
-- about: Every complex item has a threat model that passed before the release
--   ships, and what it found is in the backlog.
-- guards: shipping
-- needs: items, evidence
-- reads: gate_limits, table_feeds, release_moments, release_scope,
--   item_components, evidence_as_of, risks_as_of
-- limits:
--   min_story_points  13  Story points from which an item is complex
--   min_estimate_hours  80  Estimated hours from which an item is complex
--   min_components  3  Components from which an item is complex
--   kinds  threat_model  Kinds of evidence that are a threat model

-- coverage.md, 6.5: "complex items without one, or whose controls are not in
-- the backlog". Points and hours are two measures of one thing: where one is
-- known, the other is not missed. A threat model that failed found what no
-- control answers yet. A risk of the item that names a vulnerability, is not
-- closed or accepted and has no mitigation is a control that nobody planned,
-- unless it was raised once the release had shipped; where no source feeds
-- risks, nobody knows. Where nobody knows when shipping began, a threat model
-- from before its end may have come too late: unknown. The threat model counts
-- for every release that carries the item.

with limits as (
    select
        max(number) filter (where limit_name = 'min_story_points')
            as min_story_points,
        max(number) filter (where limit_name = 'min_estimate_hours')
            as min_estimate_hours,
        max(number) filter (where limit_name = 'min_components')
            as min_components
    from gate_limits
    where gate = 'threat_models'
),

kinds as (
    select distinct lower(word) as kind
    from gate_limits
    where gate = 'threat_models' and limit_name = 'kinds'
),

feeds as (
    select is_fed as has_risks
    from table_feeds
    where table_name = 'risks'
),

moments as (
    select
        release_id,
        shipped_at,
        ship_since_at,
        ship_due_at
    from release_moments
),

component_counts as (
    select
        item_id,
        count(*) as component_count
    from item_components
    group by item_id
),

scope as (
    select
        release_scope.release_id,
        release_scope.item_id,
        release_scope.team,
        release_scope.story_points,
        release_scope.estimate_hours,
        component_counts.component_count,
        moments.shipped_at,
        moments.ship_since_at,
        moments.ship_due_at
    from release_scope
    inner join moments
        on release_scope.release_id = moments.release_id
    left join component_counts
        on release_scope.item_id = component_counts.item_id
),

sized_items as (
    select
        scope.release_id,
        scope.item_id,
        scope.team,
        scope.shipped_at,
        scope.ship_since_at,
        scope.ship_due_at,
        case
            when scope.story_points >= limits.min_story_points then 'points'
            when scope.estimate_hours >= limits.min_estimate_hours
                then 'hours'
            when scope.component_count >= limits.min_components
                then 'components'
            when scope.story_points is null and scope.estimate_hours is null
                then 'unsized'
            when scope.component_count is null then 'unnamed'
            else 'simple'
        end as complexity,
        scope.story_points,
        scope.estimate_hours,
        scope.component_count
    from scope
    cross join limits
),

subjects as (
    select
        release_id,
        item_id,
        team,
        shipped_at,
        ship_since_at,
        ship_due_at,
        complexity in ('points', 'hours', 'components') as is_complex,
        case complexity
            when 'points' then 'complex by its story points'
            when 'hours' then 'complex by its estimate'
            when 'components' then 'complex by its '
                || cast(component_count as string) || ' components'
            when 'unsized' then 'size unknown'
            else 'components unknown'
        end as size_words
    from sized_items
    where complexity <> 'simple'
),

models as (
    select
        evidence_as_of.evidence_id,
        evidence_as_of.subject_id as item_id,
        evidence_as_of.result,
        evidence_as_of.checked_at
    from evidence_as_of
    inner join kinds
        on evidence_as_of.kind = kinds.kind
    where evidence_as_of.subject_type = 'item'
),

best_models as (
    select
        subjects.release_id,
        subjects.item_id,
        models.evidence_id,
        models.checked_at,
        case
            when models.checked_at >= subjects.ship_due_at then 'late'
            when models.result = 'fail' then 'failed'
            when models.checked_at < subjects.ship_since_at then 'passed'
            else 'unclear'
        end as standing
    from subjects
    inner join models
        on subjects.item_id = models.item_id
    qualify row_number() over (
        partition by subjects.release_id, subjects.item_id
        order by
            case
                when models.checked_at >= subjects.ship_due_at then 2
                when models.checked_at < subjects.ship_since_at then 0
                when models.result = 'pass' then 0
                else 1
            end,
            models.checked_at desc nulls last,
            models.result,
            models.evidence_id
    ) = 1
),

open_controls as (
    select
        subjects.release_id,
        subjects.item_id,
        min(risks_as_of.risk_id) as first_risk_id,
        count(*) as risk_count
    from subjects
    inner join risks_as_of
        on subjects.item_id = risks_as_of.item_id
    where risks_as_of.vulnerability is not null
        and risks_as_of.mitigation is null
        and risks_as_of.status in ('open', 'mitigating')
        and not coalesce(risks_as_of.raised_at >= subjects.shipped_at, false)
    group by subjects.release_id, subjects.item_id
),

standings as (
    select
        subjects.release_id,
        subjects.item_id,
        subjects.team,
        subjects.is_complex,
        subjects.size_words,
        subjects.ship_due_at,
        best_models.evidence_id,
        best_models.checked_at,
        best_models.standing,
        feeds.has_risks,
        open_controls.first_risk_id,
        open_controls.risk_count,
        case
            when coalesce(best_models.standing, 'none')
                not in ('passed', 'unclear') then 'fail'
            when open_controls.item_id is not null then 'fail'
            when best_models.standing = 'unclear' or not feeds.has_risks
                then 'unknown'
            else 'pass'
        end as verdict
    from subjects
    cross join feeds
    left join best_models
        on subjects.release_id = best_models.release_id
        and subjects.item_id = best_models.item_id
    left join open_controls
        on subjects.release_id = open_controls.release_id
        and subjects.item_id = open_controls.item_id
)

select
    'threat_models' as gate,
    'item' as subject_type,
    item_id as subject_id,
    release_id,
    team,
    case
        when verdict = 'fail' and not is_complex then 'unknown'
        else verdict
    end as verdict,
    item_id || ': ' || size_words || case standing
        when 'passed' then '; threat model passed'
        when 'failed' then '; threat model failed'
        when 'unclear'
            then '; threat model passed, whether before shipping is unknown'
        when 'late' then '; threat model after shipping only'
        else '; no threat model'
    end || case
        when first_risk_id is not null and risk_count > 1
            then '; no control for ' || first_risk_id || ' and '
            || cast(risk_count - 1 as string) || ' more'
        when first_risk_id is not null
            then '; no control for ' || first_risk_id
        when verdict = 'unknown' and not has_risks
            then '; its controls are unknown: feed `risks`'
        else ''
    end as reason,
    evidence_id,
    checked_at as evidence_at,
    ship_due_at as due_at
from standings
order by gate, subject_type, subject_id, release_id
