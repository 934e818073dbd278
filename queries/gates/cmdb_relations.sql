-- name: cmdb_relations
-- title: Components in the CMDB
-- group: change
-- about: Every component of a release's items is a configuration item (CI)
--   that is version-controlled, and whose relations lead to CIs.
-- guards: shipping
-- needs: items, config_items
-- reads: table_feeds, config_items, ci_relations, release_moments,
--   release_scope, item_components, component_cis

-- coverage.md, 4.2: "components that are not CIs, CIs not version-controlled,
-- relations to nothing". The CMDB carries no dates: it is taken as it stands.
-- An item that names no component leaves open what it changes: unknown. Where
-- no source feeds relations, nobody knows where those of a CI lead.

with moments as (
    select
        release_id,
        ship_due_at
    from release_moments
),

scope as (
    select
        release_id,
        item_id,
        team
    from release_scope
),

components as (
    select
        item_id,
        component
    from item_components
),

matches as (
    select
        component,
        ci_id
    from component_cis
),

ci_rows as (
    select
        ci_id,
        name,
        owner_team,
        is_version_controlled
    from config_items
),

relations as (
    select
        parent_ci_id,
        child_ci_id,
        relation
    from ci_relations
),

feeds as (
    select is_fed as has_relations
    from table_feeds
    where table_name = 'ci_relations'
),

ends as (
    select
        parent_ci_id as ci_id,
        child_ci_id as other_ci_id,
        relation || ' ' || child_ci_id as words
    from relations
    union all
    select
        child_ci_id as ci_id,
        parent_ci_id as other_ci_id,
        parent_ci_id || ' ' || relation || ' it' as words
    from relations
),

loose_ends as (
    select
        ends.ci_id,
        count(*) as loose_count,
        min(ends.words) as first_loose
    from ends
    left join ci_rows
        on ends.other_ci_id = ci_rows.ci_id
    where ci_rows.ci_id is null
    group by ends.ci_id
),

subjects as (
    select
        scope.release_id,
        coalesce(matches.ci_id, components.component) as subject_id,
        matches.ci_id,
        min(scope.team) as item_team,
        min(scope.item_id) as first_item_id
    from scope
    inner join components
        on scope.item_id = components.item_id
    left join matches
        on components.component = matches.component
    group by
        scope.release_id,
        coalesce(matches.ci_id, components.component),
        matches.ci_id
),

judged_components as (
    select
        'config_item' as subject_type,
        subjects.subject_id,
        subjects.release_id,
        coalesce(ci_rows.owner_team, subjects.item_team) as team,
        case
            when subjects.ci_id is null then 'fail'
            when not ci_rows.is_version_controlled then 'fail'
            when loose_ends.ci_id is not null then 'fail'
            when ci_rows.is_version_controlled is null then 'unknown'
            when not feeds.has_relations then 'unknown'
            else 'pass'
        end as verdict,
        subjects.subject_id || case
            when subjects.ci_id is null then ''
            else ' (' || ci_rows.name || ')'
        end || ': ' || case
            when subjects.ci_id is null
                then 'component of ' || subjects.first_item_id
                || ', but no CI'
            when not ci_rows.is_version_controlled
                and loose_ends.ci_id is not null
                then 'not version-controlled; related to nothing: '
                || loose_ends.first_loose
            when not ci_rows.is_version_controlled
                then 'not version-controlled'
            when loose_ends.loose_count > 1
                then 'related to nothing: ' || loose_ends.first_loose
                || ' and ' || cast(loose_ends.loose_count - 1 as string)
                || ' more'
            when loose_ends.ci_id is not null
                then 'related to nothing: ' || loose_ends.first_loose
            when ci_rows.is_version_controlled is null
                then 'whether it is version-controlled is unknown'
            when not feeds.has_relations
                then 'its relations are unknown: feed `ci_relations`'
            else 'a version-controlled CI'
        end as reason,
        subjects.ci_id as evidence_id
    from subjects
    cross join feeds
    left join ci_rows
        on subjects.ci_id = ci_rows.ci_id
    left join loose_ends
        on subjects.ci_id = loose_ends.ci_id
),

bare_items as (
    select
        'item' as subject_type,
        scope.item_id as subject_id,
        scope.release_id,
        scope.team,
        'unknown' as verdict,
        scope.item_id || ': names no component' as reason,
        cast(null as string) as evidence_id
    from scope
    left join components
        on scope.item_id = components.item_id
    where components.item_id is null
),

judged as (
    select
        subject_type, subject_id, release_id, team, verdict, reason,
        evidence_id
    from judged_components
    union all
    select
        subject_type, subject_id, release_id, team, verdict, reason,
        evidence_id
    from bare_items
)

select
    'cmdb_relations' as gate,
    judged.subject_type,
    judged.subject_id,
    judged.release_id,
    judged.team,
    judged.verdict,
    judged.reason,
    judged.evidence_id,
    cast(null as timestamp) as evidence_at,
    moments.ship_due_at as due_at
from judged
inner join moments
    on judged.release_id = moments.release_id
order by gate, subject_type, subject_id, release_id
