-- name: release_summary
-- about: Each release in one row: dates, deployments, scope, effort and time.
-- grain: one row per release
-- key: release_id
-- reads: params, local_days, releases_as_of, scope_volatility, success_rate,
--   release_incidents, release_items, release_stage_times, deployment_items,
--   items_as_of
-- columns:
--   release_id          string      Release.
--   release_name        string      Its present name.
--   version             string?     Version.
--   system              string?     System.
--   criticality         string?     low, medium, high or critical.
--   summary             string?     What it is about.
--   state               string      See below.
--   scope_exclusion     string?     Why its scope is not measured: see
--                                   scope_volatility.
--   deployment_count    bigint      Completed production deployments.
--   judged_count        bigint      Of these, of which success is known.
--   failed_count        bigint      Of these, failed.
--   failed_explicit_count  bigint   Of these, by what the sources say alone.
--   provisional_count   bigint      Not failed, the incident window is open.
--   incident_count      bigint      Incidents that count against them.
--   repair_count        bigint      Rollbacks and hotfixes that answer them.
--   item_count          bigint      Items that ever belonged to it.
--   end_count           bigint      Items in it at its end, or now.
--   end_delivered_count bigint      Of these, delivered by the as-of.
--   deployed_only_count bigint      Deployed with it, never in it.
--   unknown_item_count  bigint      Deployed with it, and not in items.
--   timed_count         bigint      Of those in it at its end, with a clock.
--   timed_delivered_count  bigint   Of these, delivered by the as-of.
--   divided_count       bigint      Of these, with all parts of it known.
--   compared_count      bigint      Of those in it at its end, with estimate
--                                   and effort.
--   slip_days           double?     Local days from planned to released, or to
--                                   the as-of where it is late.
--   cycle_days_median   double?     Of those timed, delivered or not.
--   delivered_days_median  double?  Of those timed and delivered: cycle time.
--   age_days_median     double?     Of those timed and open: age so far.
--   active_days         double?     Active days of those in it at its end.
--   waiting_days        double?     Waiting days.
--   blocked_days        double?     Blocked days.
--   estimate_hours      double?     Of those compared, planned effort.
--   actual_hours        double?     Of those compared, actual effort.
--   effort_ratio        double?     Actual / planned effort.
--   first_deployed_at   timestamp?  End of the first completed deployment.
--   last_deployed_at    timestamp?  End of the last.

-- Counts are those of the lists that pages show: release_items,
-- release_incidents, success_rate. Scope stands in scope_volatility and is not
-- repeated here. Estimates are compared for delivered items only.
-- state  cancelled    the export says so.
--        released     it has a release date by the as-of, or the export says
--                     so without one.
--        late         neither, and its planned day has passed.
--        in_progress  neither, and the export says so or its baseline passed.
--        planned      none of these.

with instant as (
    select as_of
    from params
),

days as (
    select
        utc_date,
        day,
        start_at,
        end_at
    from local_days
),

release_rows as (
    select
        releases_as_of.release_id,
        releases_as_of.release_name,
        releases_as_of.version,
        releases_as_of.system,
        releases_as_of.criticality,
        releases_as_of.summary,
        releases_as_of.status,
        scope_volatility.exclusion as scope_exclusion,
        releases_as_of.planned_at,
        releases_as_of.released_at,
        scope_volatility.baseline_at
    from releases_as_of
    inner join scope_volatility
        on releases_as_of.release_id = scope_volatility.release_id
),

deployments_judged as (
    select
        deployment_id,
        release_id,
        is_failed,
        is_failed_explicit,
        is_window_open,
        finished_at
    from success_rate
),

events as (
    select
        release_id,
        event_kind,
        event_id
    from release_incidents
    where is_counted
),

items_belonging as (
    select
        release_id,
        scope_part,
        cycle_exclusion,
        estimate_exclusion,
        cycle_days,
        cycle_active_days,
        estimate_hours,
        actual_hours,
        is_in_at_end,
        is_delivered
    from release_items
),

stage_times as (
    select
        release_id,
        active_days,
        waiting_days,
        blocked_days
    from release_stage_times
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

known_items as (
    select item_id
    from items_as_of
),

as_of_day as (
    select max(days.day) as day
    from days
    cross join instant
    where days.start_at <= instant.as_of and days.end_at > instant.as_of
),

dated_releases as (
    select
        release_rows.release_id,
        case
            when release_rows.status = 'cancelled' then 'cancelled'
            when release_rows.released_at is not null
                or release_rows.status = 'released'
                then 'released'
            when planned_days.day < as_of_day.day then 'late'
            when release_rows.status = 'in_progress'
                or release_rows.baseline_at <= instant.as_of
                then 'in_progress'
            else 'planned'
        end as state,
        cast(planned_days.day as timestamp) as planned_day,
        cast(released_days.day as timestamp) as released_day,
        cast(as_of_day.day as timestamp) as today
    from release_rows
    cross join instant
    cross join as_of_day
    left join days as planned_days
        on cast(release_rows.planned_at as date) = planned_days.utc_date
        and release_rows.planned_at >= planned_days.start_at
        and release_rows.planned_at < planned_days.end_at
    left join days as released_days
        on cast(release_rows.released_at as date) = released_days.utc_date
        and release_rows.released_at >= released_days.start_at
        and release_rows.released_at < released_days.end_at
),

deployment_counts as (
    select
        release_id,
        count(*) as deployment_count,
        count(is_failed) as judged_count,
        count(*) filter (where is_failed) as failed_count,
        count(*) filter (where is_failed_explicit) as failed_explicit_count,
        count(*) filter (where is_window_open) as provisional_count,
        min(finished_at) as first_deployed_at,
        max(finished_at) as last_deployed_at
    from deployments_judged
    group by release_id
),

-- One deployment may answer several of a release: it is one rollback.
event_counts as (
    select
        release_id,
        count(distinct event_id) filter (
            where event_kind = 'incident'
        ) as incident_count,
        count(distinct event_id) filter (
            where event_kind <> 'incident'
        ) as repair_count
    from events
    group by release_id
),

item_counts as (
    select
        release_id,
        count(*) as item_count,
        count(*) filter (where is_in_at_end) as end_count,
        count(*) filter (
            where is_in_at_end and is_delivered
        ) as end_delivered_count,
        count(*) filter (
            where scope_part = 'deployed_only'
        ) as deployed_only_count,
        count(*) filter (
            where is_in_at_end and cycle_days is not null
        ) as timed_count,
        count(*) filter (
            where is_in_at_end and is_delivered and cycle_days is not null
        ) as timed_delivered_count,
        count(*) filter (
            where is_in_at_end and cycle_active_days is not null
        ) as divided_count,
        count(*) filter (
            where is_in_at_end and estimate_exclusion is null
        ) as compared_count,
        percentile_cont(0.5) within group (
            order by case when is_in_at_end then cycle_days end
        ) as cycle_days_median,
        percentile_cont(0.5) within group (
            order by case
                when is_in_at_end and is_delivered then cycle_days
            end
        ) as delivered_days_median,
        percentile_cont(0.5) within group (
            order by case
                when is_in_at_end and not is_delivered then cycle_days
            end
        ) as age_days_median,
        sum(estimate_hours) filter (
            where is_in_at_end and estimate_exclusion is null
        ) as estimate_hours,
        sum(actual_hours) filter (
            where is_in_at_end and estimate_exclusion is null
        ) as actual_hours
    from items_belonging
    group by release_id
),

stage_sums as (
    select
        release_id,
        sum(active_days) as active_days,
        sum(waiting_days) as waiting_days,
        sum(blocked_days) as blocked_days
    from stage_times
    group by release_id
),

unknown_counts as (
    select
        deployments_judged.release_id,
        count(distinct held_items.item_id) as unknown_item_count
    from deployments_judged
    inner join held_items
        on deployments_judged.deployment_id = held_items.deployment_id
    left join known_items
        on held_items.item_id = known_items.item_id
    where known_items.item_id is null
    group by deployments_judged.release_id
),

summed_releases as (
    select
        release_rows.release_id,
        release_rows.release_name,
        release_rows.version,
        release_rows.system,
        release_rows.criticality,
        release_rows.summary,
        dated_releases.state,
        release_rows.scope_exclusion,
        coalesce(deployment_counts.deployment_count, 0) as deployment_count,
        coalesce(deployment_counts.judged_count, 0) as judged_count,
        coalesce(deployment_counts.failed_count, 0) as failed_count,
        coalesce(
            deployment_counts.failed_explicit_count, 0
        ) as failed_explicit_count,
        coalesce(deployment_counts.provisional_count, 0) as provisional_count,
        coalesce(event_counts.incident_count, 0) as incident_count,
        coalesce(event_counts.repair_count, 0) as repair_count,
        coalesce(item_counts.item_count, 0) as item_count,
        coalesce(item_counts.end_count, 0) as end_count,
        coalesce(item_counts.end_delivered_count, 0) as end_delivered_count,
        coalesce(item_counts.deployed_only_count, 0) as deployed_only_count,
        coalesce(unknown_counts.unknown_item_count, 0) as unknown_item_count,
        coalesce(item_counts.timed_count, 0) as timed_count,
        coalesce(
            item_counts.timed_delivered_count, 0
        ) as timed_delivered_count,
        coalesce(item_counts.divided_count, 0) as divided_count,
        coalesce(item_counts.compared_count, 0) as compared_count,
        case dated_releases.state
            when 'released'
                then seconds_between(
                    dated_releases.planned_day, dated_releases.released_day
                ) / 86400e0
            when 'late'
                then seconds_between(
                    dated_releases.planned_day, dated_releases.today
                ) / 86400e0
        end as slip_days,
        item_counts.cycle_days_median,
        item_counts.delivered_days_median,
        item_counts.age_days_median,
        stage_sums.active_days,
        stage_sums.waiting_days,
        stage_sums.blocked_days,
        item_counts.estimate_hours,
        item_counts.actual_hours,
        item_counts.actual_hours
        / nullif(item_counts.estimate_hours, 0) as effort_ratio,
        deployment_counts.first_deployed_at,
        deployment_counts.last_deployed_at
    from release_rows
    inner join dated_releases
        on release_rows.release_id = dated_releases.release_id
    left join deployment_counts
        on release_rows.release_id = deployment_counts.release_id
    left join event_counts
        on release_rows.release_id = event_counts.release_id
    left join item_counts
        on release_rows.release_id = item_counts.release_id
    left join stage_sums
        on release_rows.release_id = stage_sums.release_id
    left join unknown_counts
        on release_rows.release_id = unknown_counts.release_id
)

select
    release_id,
    release_name,
    version,
    system,
    criticality,
    summary,
    state,
    scope_exclusion,
    deployment_count,
    judged_count,
    failed_count,
    failed_explicit_count,
    provisional_count,
    incident_count,
    repair_count,
    item_count,
    end_count,
    end_delivered_count,
    deployed_only_count,
    unknown_item_count,
    timed_count,
    timed_delivered_count,
    divided_count,
    compared_count,
    slip_days,
    cycle_days_median,
    delivered_days_median,
    age_days_median,
    active_days,
    waiting_days,
    blocked_days,
    estimate_hours,
    actual_hours,
    effort_ratio,
    first_deployed_at,
    last_deployed_at
from summed_releases
order by release_id
