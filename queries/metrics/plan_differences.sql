-- name: plan_differences
-- about: What each release planned, what it deployed, and what the CMDB
--   records: each item and configuration item (CI), and which of the three
--   lacks it.
-- grain: one row per release and item or CI
-- key: release_id, subject_type, subject_id
-- reads: release_moments, release_scope, items_as_of, item_components,
--   component_cis, config_items, deployment_items, production_deployments
-- columns:
--   release_id         string    Release.
--   subject_type       string    item or config_item.
--   subject_id         string    Item or CI; a component that is no CI as items
--                                name it.
--   subject_name       string?   Title or name.
--   team               string?   Team.
--   deployment_id      string?   The last deployment that brought it.
--   is_planned         boolean   In the release's scope now or at its end; of a
--                                CI, a component of such an item.
--   is_deployed        boolean   In a successful production deployment of the
--                                release that nobody took back.
--   is_recorded        boolean?  The CMDB has it, with version or baseline and
--                                not with another baseline than was deployed;
--                                of an item, that it names components; null
--                                where it is not known.
--   is_deployment_due  boolean?  The release is out, so all of it should be.
--   lacking_words      string?   planned, deployed, recorded: those that lack
--                                it; null where none does.
--   recorded_words     string?   Why the CMDB does not record it.

-- coverage.md, 4.6: "three-way difference: planned, deployed, recorded". Before
-- a release is out, what is not deployed is not missing. The CMDB holds the
-- present: the baseline that was deployed is held against that of the CI only
-- as long as no later deployment changed the same system and environment.

with moments as (
    select
        release_id,
        case
            when status = 'released' then true
            when status is null and shipped_at is not null
                then cast(null as boolean)
            else false
        end as is_deployment_due
    from release_moments
),

item_rows as (
    select
        item_id,
        title,
        team
    from items_as_of
),

planned as (
    select
        release_id,
        item_id
    from release_scope
    where joined_at is not null
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
        system,
        environment,
        owner_team,
        version,
        baseline_id
    from config_items
),

ci_feed as (
    select count(version) + count(baseline_id) > 0 as has_records
    from ci_rows
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

successes as (
    select
        deployment_id,
        release_id,
        system,
        environment,
        baseline_id,
        rollback_of is not null as is_rollback,
        is_taken_back,
        finished_at
    from production_deployments
    where result = 'success'
),

-- The deployments that production still stands on, with their baselines.
standing_deployments as (
    select
        deployment_id,
        release_id,
        system,
        environment,
        baseline_id
    from successes
    where system is not null
    qualify row_number() over (
        partition by system, environment
        order by finished_at desc nulls last, deployment_id desc nulls last
    ) = 1
),

deployed as (
    select
        successes.release_id,
        held_items.item_id,
        successes.deployment_id
    from successes
    inner join held_items
        on successes.deployment_id = held_items.deployment_id
    inner join moments
        on successes.release_id = moments.release_id
    inner join item_rows
        on held_items.item_id = item_rows.item_id
    where not successes.is_rollback and not successes.is_taken_back
    qualify row_number() over (
        partition by successes.release_id, held_items.item_id
        order by successes.finished_at desc nulls last,
            successes.deployment_id
    ) = 1
),

item_places as (
    select
        coalesce(planned.release_id, deployed.release_id) as release_id,
        coalesce(planned.item_id, deployed.item_id) as item_id,
        deployed.deployment_id,
        planned.item_id is not null as is_planned,
        deployed.item_id is not null as is_deployed
    from planned
    full join deployed
        on planned.release_id = deployed.release_id
        and planned.item_id = deployed.item_id
),

componented_items as (
    select distinct item_id
    from components
),

item_differences as (
    select
        item_places.release_id,
        'item' as subject_type,
        item_places.item_id as subject_id,
        item_rows.title as subject_name,
        item_rows.team,
        item_places.deployment_id,
        item_places.is_planned,
        item_places.is_deployed,
        case when componented_items.item_id is not null then true end
            as is_recorded,
        case
            when componented_items.item_id is null then 'names no component'
        end as recorded_words
    from item_places
    inner join item_rows
        on item_places.item_id = item_rows.item_id
    left join componented_items
        on item_places.item_id = componented_items.item_id
),

ci_places as (
    select
        item_places.release_id,
        coalesce(matches.ci_id, components.component) as subject_id,
        matches.ci_id,
        max(item_places.deployment_id) as deployment_id,
        bool_or(item_places.is_planned) as is_planned,
        bool_or(item_places.is_deployed) as is_deployed
    from item_places
    inner join components
        on item_places.item_id = components.item_id
    left join matches
        on components.component = matches.component
    group by
        item_places.release_id,
        coalesce(matches.ci_id, components.component),
        matches.ci_id
),

other_baselines as (
    select
        standing_deployments.release_id,
        ci_rows.ci_id,
        min(standing_deployments.baseline_id) as baseline_id
    from standing_deployments
    inner join ci_rows
        on standing_deployments.system = ci_rows.system
    where standing_deployments.release_id is not null
        and standing_deployments.baseline_id <> ci_rows.baseline_id
        and (
            ci_rows.environment is null
            or ci_rows.environment = standing_deployments.environment
        )
    group by standing_deployments.release_id, ci_rows.ci_id
),

ci_differences as (
    select
        ci_places.release_id,
        'config_item' as subject_type,
        ci_places.subject_id,
        ci_rows.name as subject_name,
        ci_rows.owner_team as team,
        ci_places.deployment_id,
        ci_places.is_planned,
        ci_places.is_deployed,
        case
            when ci_places.ci_id is null then false
            when ci_rows.version is null and ci_rows.baseline_id is null
                then case when ci_feed.has_records then false end
            when ci_places.is_deployed
                and other_baselines.ci_id is not null then false
            else true
        end as is_recorded,
        case
            when ci_places.ci_id is null then 'is no CI'
            when ci_rows.version is null and ci_rows.baseline_id is null
                and ci_feed.has_records then 'has no version or baseline'
            when ci_rows.version is null and ci_rows.baseline_id is null
                then 'no CI of the feed has a version or a baseline'
            when ci_places.is_deployed and other_baselines.ci_id is not null
                then 'recorded with ' || ci_rows.baseline_id
                || ', deployed with ' || other_baselines.baseline_id
        end as recorded_words
    from ci_places
    cross join ci_feed
    left join ci_rows
        on ci_places.ci_id = ci_rows.ci_id
    left join other_baselines
        on ci_places.release_id = other_baselines.release_id
        and ci_places.ci_id = other_baselines.ci_id
),

differences as (
    select
        release_id, subject_type, subject_id, subject_name, team,
        deployment_id, is_planned, is_deployed, is_recorded, recorded_words
    from item_differences
    union all
    select
        release_id, subject_type, subject_id, subject_name, team,
        deployment_id, is_planned, is_deployed, is_recorded, recorded_words
    from ci_differences
),

worded_differences as (
    select
        differences.release_id,
        differences.subject_type,
        differences.subject_id,
        differences.subject_name,
        differences.team,
        differences.deployment_id,
        differences.is_planned,
        differences.is_deployed,
        differences.is_recorded,
        moments.is_deployment_due,
        case when differences.is_planned then '' else ', planned' end
        || case
            when not differences.is_deployed and moments.is_deployment_due
                then ', deployed'
            else ''
        end
        || case when not differences.is_recorded then ', recorded' else '' end
            as lacking_words,
        differences.recorded_words
    from differences
    inner join moments
        on differences.release_id = moments.release_id
)

select
    release_id,
    subject_type,
    subject_id,
    subject_name,
    team,
    deployment_id,
    is_planned,
    is_deployed,
    is_recorded,
    is_deployment_due,
    nullif(substring(lacking_words, 3), '') as lacking_words,
    recorded_words
from worded_differences
order by release_id, subject_type, subject_id
