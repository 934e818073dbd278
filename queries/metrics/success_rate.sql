-- name: success_rate
-- about: Each completed production deployment, and whether it failed.
-- grain: one row per completed production deployment
-- key: deployment_id
-- reads: params, table_feeds, releases_as_of, deployments_as_of,
--   deployment_repairs, incidents_as_of, incident_attribution
-- columns:
--   deployment_id            string      Deployment.
--   release_id               string?     Release it carries.
--   release_name             string?     Name of that release.
--   system                   string?     System it changes.
--   environment              string      Production environment.
--   finished_at              timestamp   End.
--   week_start               date?       Monday of the local week of its end.
--   result                   string      success, failure or rolled_back.
--   is_result_failed         boolean     Its own result is no success.
--   is_rolled_back           boolean     A later deployment took it back.
--   is_hotfixed              boolean     A later deployment repaired it.
--   incident_count_24h       bigint      Incidents within 24 hours.
--   incident_count_72h       bigint      Incidents within 72 hours.
--   incident_count_7d        bigint      Incidents within 7 days.
--   incident_count           bigint      Incidents within the headline window.
--   explicit_incident_count  bigint      Of these, linked by the source itself.
--   has_incident_feed        boolean     Someone records incidents there.
--   is_failed                boolean?    Failed; null without incident feed.
--   is_failed_explicit       boolean?    Failed by what the sources say alone.
--   restored_at              timestamp?  When service was restored.
--   recovery_hours           double?     End of deployment to restoration.
--   exclusion                string?     no_incident_feed.
--   detected_at              timestamp?  First detection of its incidents.
--   detected_recovery_hours  double?     Detection to restoration.
--   is_window_open           boolean     Sound so far, but W is not over yet.

-- Definition, Success: "Failed: result is failure or rolled_back, or a later
-- deployment has rollback_of = it, or a later deployment has hotfix_of = it
-- or carries a hotfix item for an incident of it, or an incident is
-- attributed to it within W ... A deployment fails once, however many
-- incidents it has." Cancelled deployments neither count nor repair.
-- An incident linked to a deployment that was still running counts as well.
-- W holds for every method of attribution: the three windows printed count the
-- same incidents, cut at 24 h, 72 h and 7 d. What deployment_repairs concludes
-- from an incident follows the headline window alone, so a verdict for another
-- window is not is_failed with another count put in. Only rows of kind incident
-- count: a problem is the cause behind incidents, a user report is not yet one.
-- is_window_open  not failed, and incidents may still come within the headline
-- window: the verdict is provisional. Such deployments count all the same.
-- has_incident_feed  "No incident feed: n/a", per system: some incident by
-- the as-of is of the deployment's system, or is laid to a deployment of that
-- system, or names neither system nor cause (a feed that does not tell
-- systems apart watches all of them). That another system has incidents says
-- nothing about this one.
-- restored_at  the last resolution of its incidents once all are resolved;
-- without incidents, the first successful rollback or hotfix of it. Null
-- while open, and for deployments that did not fail. What was restored before
-- the deployment ended has no recovery time.

with settings as (
    select
        as_of,
        incident_window_hours
    from params
),

feeds as (
    select count(*) as feed_count
    from table_feeds
    where table_name = 'incidents' and is_fed
),

release_rows as (
    select
        release_id,
        release_name
    from releases_as_of
),

production_deployments as (
    select
        deployment_id,
        release_id,
        system,
        environment,
        finished_at,
        week_start,
        result
    from deployments_as_of
    where is_production and is_completed
),

repairs as (
    select
        deployment_id,
        method,
        is_explicit,
        result,
        repaired_at
    from deployment_repairs
),

incident_rows as (
    select
        incident_attribution.incident_id,
        incident_attribution.deployment_id,
        incident_attribution.method,
        incident_attribution.system,
        incident_attribution.hours_after,
        incident_attribution.is_within_window,
        coalesce(
            incidents_as_of.detected_at, incident_attribution.opened_at
        ) as detected_at,
        incidents_as_of.resolved_at
    from incident_attribution
    inner join incidents_as_of
        on incident_attribution.incident_id = incidents_as_of.incident_id
    where incident_attribution.kind = 'incident'
),

watched_systems as (
    select distinct system
    from incident_rows
    where system is not null
    union
    select production_deployments.system
    from incident_rows
    inner join production_deployments
        on incident_rows.deployment_id = production_deployments.deployment_id
),

systemless_incidents as (
    select count(*) as incident_count
    from incident_rows
    where system is null and method = 'unattributed'
),

rollback_marks as (
    select distinct deployment_id
    from repairs
    where method = 'rollback'
),

hotfix_marks as (
    select
        deployment_id,
        bool_or(is_explicit) as is_explicit
    from repairs
    where method = 'hotfix'
    group by deployment_id
),

first_repairs as (
    select
        deployment_id,
        min(repaired_at) as repaired_at
    from repairs
    where result = 'success'
    group by deployment_id
),

incident_counts as (
    select
        deployment_id,
        count(*) filter (where hours_after <= 24) as incident_count_24h,
        count(*) filter (where hours_after <= 72) as incident_count_72h,
        count(*) filter (where hours_after <= 168) as incident_count_7d,
        count(*) filter (where is_within_window) as incident_count,
        count(*) filter (
            where is_within_window and method = 'deployment'
        ) as explicit_incident_count,
        count(*) filter (
            where is_within_window and resolved_at is null
        ) as open_incident_count,
        max(resolved_at) filter (where is_within_window) as last_resolved_at,
        min(detected_at) filter (where is_within_window) as detected_at
    from incident_rows
    where deployment_id is not null
    group by deployment_id
),

judged_deployments as (
    select
        production_deployments.deployment_id,
        production_deployments.release_id,
        release_rows.release_name,
        production_deployments.system,
        production_deployments.environment,
        production_deployments.finished_at,
        production_deployments.week_start,
        production_deployments.result,
        production_deployments.result <> 'success' as is_result_failed,
        rollback_marks.deployment_id is not null as is_rolled_back,
        hotfix_marks.deployment_id is not null as is_hotfixed,
        coalesce(hotfix_marks.is_explicit, false) as is_hotfixed_explicit,
        coalesce(incident_counts.incident_count_24h, 0) as incident_count_24h,
        coalesce(incident_counts.incident_count_72h, 0) as incident_count_72h,
        coalesce(incident_counts.incident_count_7d, 0) as incident_count_7d,
        coalesce(incident_counts.incident_count, 0) as incident_count,
        coalesce(
            incident_counts.explicit_incident_count, 0
        ) as explicit_incident_count,
        coalesce(incident_counts.open_incident_count, 0) as open_incident_count,
        feeds.feed_count > 0 and (
            systemless_incidents.incident_count > 0
            or exists (
                select 1
                from watched_systems
                where
                    watched_systems.system
                    is not distinct from production_deployments.system
            )
        ) as has_incident_feed,
        incident_counts.last_resolved_at,
        incident_counts.detected_at,
        first_repairs.repaired_at
    from production_deployments
    cross join feeds
    cross join systemless_incidents
    left join release_rows
        on production_deployments.release_id = release_rows.release_id
    left join rollback_marks
        on production_deployments.deployment_id = rollback_marks.deployment_id
    left join hotfix_marks
        on production_deployments.deployment_id = hotfix_marks.deployment_id
    left join incident_counts
        on production_deployments.deployment_id = incident_counts.deployment_id
    left join first_repairs
        on production_deployments.deployment_id = first_repairs.deployment_id
),

restored_deployments as (
    select
        deployment_id,
        release_id,
        release_name,
        system,
        environment,
        finished_at,
        week_start,
        result,
        is_result_failed,
        is_rolled_back,
        is_hotfixed,
        incident_count_24h,
        incident_count_72h,
        incident_count_7d,
        incident_count,
        explicit_incident_count,
        has_incident_feed,
        case
            when has_incident_feed
                then is_result_failed
                or is_rolled_back
                or is_hotfixed
                or incident_count > 0
        end as is_failed,
        case
            when has_incident_feed
                then is_result_failed
                or is_rolled_back
                or is_hotfixed_explicit
                or explicit_incident_count > 0
        end as is_failed_explicit,
        case
            when open_incident_count > 0 then cast(null as timestamp)
            when incident_count > 0 then last_resolved_at
            else repaired_at
        end as restored_at,
        case when has_incident_feed then detected_at end as detected_at
    from judged_deployments
),

timed_deployments as (
    select
        deployment_id,
        release_id,
        release_name,
        system,
        environment,
        finished_at,
        week_start,
        result,
        is_result_failed,
        is_rolled_back,
        is_hotfixed,
        incident_count_24h,
        incident_count_72h,
        incident_count_7d,
        incident_count,
        explicit_incident_count,
        has_incident_feed,
        is_failed,
        is_failed_explicit,
        restored_at,
        case
            when restored_at >= finished_at
                then seconds_between(finished_at, restored_at) / 3600e0
        end as recovery_hours,
        case
            when not has_incident_feed then 'no_incident_feed'
        end as exclusion,
        detected_at,
        case
            when restored_at >= detected_at
                then seconds_between(detected_at, restored_at) / 3600e0
        end as detected_recovery_hours,
        coalesce(not is_failed, false)
        and seconds_between(finished_at, settings.as_of)
        < 3600e0 * settings.incident_window_hours as is_window_open
    from restored_deployments
    cross join settings
)

select
    deployment_id,
    release_id,
    release_name,
    system,
    environment,
    finished_at,
    week_start,
    result,
    is_result_failed,
    is_rolled_back,
    is_hotfixed,
    incident_count_24h,
    incident_count_72h,
    incident_count_7d,
    incident_count,
    explicit_incident_count,
    has_incident_feed,
    is_failed,
    is_failed_explicit,
    restored_at,
    recovery_hours,
    exclusion,
    detected_at,
    detected_recovery_hours,
    is_window_open
from timed_deployments
order by deployment_id
