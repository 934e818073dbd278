-- name: release_items
-- about: Each item that ever belonged to a release, and what became of it.
-- grain: one row per release and item
-- key: release_id, item_id
-- reads: releases_as_of, release_baselines, release_memberships,
--   release_scope_moves, planned_items, items_as_of, cycle_time, deliveries,
--   estimation_accuracy, stage_stays, success_rate, deployment_items,
--   release_incidents
-- columns:
--   release_id           string      Release.
--   item_id              string      Tracker key.
--   title                string?     Title.
--   team                 string?     Team.
--   item_type            string?     feature, defect, hotfix, ...
--   source_url           string?     The item in its tracker.
--   scope_part           string      How it belongs to the release; see below.
--   deployment_id        string?     The deployment that delivered it.
--   cycle_exclusion      string?     Why it has no clock: see cycle_time.
--   estimate_exclusion   string?     Why it is not compared: not_delivered, or
--                                    see estimation_accuracy.
--   added_count          bigint      Additions since the baseline.
--   removed_count        bigint      Removals since the baseline.
--   readded_count        bigint      Of the additions, returns.
--   after_freeze_count   bigint      Of both, those after the freeze.
--   incident_count       bigint?     Incidents that count of the release's
--                                    deployments that hold it; null where
--                                    none holds it.
--   cycle_days           double?     Commitment to delivery, or to the as-of.
--   cycle_active_days    double?     Of these, active.
--   cycle_waiting_days   double?     Of these, waiting.
--   cycle_blocked_days   double?     Of these, blocked.
--   estimate_hours       double?     Estimate as it was when work began.
--   actual_hours         double?     Effort spent.
--   log_ratio            double?     ln(actual / estimate) where compared.
--   is_planned           boolean     In the release at its baseline.
--   is_in_at_end         boolean     In the release at its end, or now.
--   is_delivered         boolean     Delivered by the as-of.
--   is_planned_delivery  boolean     Planned, in at the end and delivered.
--   is_after_freeze      boolean?    Came or went after the freeze; null
--                                    without a freeze.
--   is_deployed_here     boolean     A deployment of the release holds it.
--   committed_at         timestamp?  Commitment.
--   delivered_at         timestamp?  First delivery.

-- One definition each, and none here: planned scope is planned_items', changes
-- are baseline_changes', clocks cycle_time's and stage_stays', estimates
-- estimation_accuracy's, failures success_rate's.
-- scope_part, the first that holds:
--   planned          in the release at its baseline.
--   added            came in between the baseline and the end.
--   left_before      was in it before the baseline, and no longer at it.
--   member           is in it, and there is no baseline yet.
--   joined_after     came in after the end only.
--   deployed_only    a successful production deployment of the release holds
--                    it; the tracker never had it in the release.
-- Parts of the clock are null for items of which some stay is not known: a
-- part of them would pass for the whole.

with release_rows as (
    select
        releases_as_of.release_id,
        release_baselines.baseline_at,
        release_baselines.freeze_at,
        release_baselines.closed_at
    from releases_as_of
    inner join release_baselines
        on releases_as_of.release_id = release_baselines.release_id
),

memberships as (
    select
        release_id,
        item_id,
        joined_at,
        left_at
    from release_memberships
),

moves as (
    select
        release_id,
        item_id,
        action,
        is_readded,
        is_after_freeze
    from release_scope_moves
    where is_counted
),

planned as (
    select
        release_id,
        item_id,
        is_kept
    from planned_items
),

item_rows as (
    select
        item_id,
        title,
        team,
        item_type,
        source_url
    from items_as_of
),

clocks as (
    select
        item_id,
        exclusion,
        committed_at,
        elapsed_days
    from cycle_time
),

delivered_items as (
    select
        item_id,
        deployment_id,
        delivered_at
    from deliveries
),

estimates as (
    select
        item_id,
        estimate_hours,
        actual_hours,
        log_ratio,
        exclusion
    from estimation_accuracy
),

stays as (
    select
        item_id,
        cycle_days,
        cycle_active_days,
        cycle_waiting_days,
        cycle_blocked_days
    from stage_stays
    where cycle_days is not null
),

deployments_judged as (
    select
        deployment_id,
        release_id,
        result
    from success_rate
    where release_id is not null
),

held_items as (
    select
        deployment_id,
        item_id
    from deployment_items
),

incidents_counted as (
    select
        deployment_id,
        event_id
    from release_incidents
    where event_kind = 'incident' and is_counted
),

holdings as (
    select
        deployments_judged.release_id,
        held_items.item_id,
        deployments_judged.deployment_id,
        deployments_judged.result
    from deployments_judged
    inner join held_items
        on deployments_judged.deployment_id = held_items.deployment_id
),

held_counts as (
    select
        holdings.release_id,
        holdings.item_id,
        bool_or(holdings.result = 'success') as is_deployed_here,
        count(distinct incidents_counted.event_id) as incident_count
    from holdings
    left join incidents_counted
        on holdings.deployment_id = incidents_counted.deployment_id
    group by holdings.release_id, holdings.item_id
),

member_periods as (
    select
        memberships.release_id,
        memberships.item_id,
        bool_or(
            memberships.joined_at <= release_rows.closed_at
            and (
                memberships.left_at is null
                or memberships.left_at > release_rows.closed_at
            )
        ) as is_in_at_end,
        bool_or(
            memberships.joined_at <= release_rows.closed_at
        ) as is_in_by_end
    from memberships
    inner join release_rows
        on memberships.release_id = release_rows.release_id
    group by memberships.release_id, memberships.item_id
),

belonging_items as (
    select release_id, item_id
    from member_periods
    union
    select release_id, item_id
    from held_counts
    where is_deployed_here
),

move_counts as (
    select
        release_id,
        item_id,
        count(*) filter (where action = 'added') as added_count,
        count(*) filter (where action = 'removed') as removed_count,
        count(*) filter (where is_readded) as readded_count,
        count(*) filter (where is_after_freeze) as after_freeze_count
    from moves
    group by release_id, item_id
),

clock_parts as (
    select
        stays.item_id,
        sum(stays.cycle_active_days) as active_days,
        sum(stays.cycle_waiting_days) as waiting_days,
        sum(stays.cycle_blocked_days) as blocked_days
    from stays
    inner join clocks
        on stays.item_id = clocks.item_id
    group by stays.item_id, clocks.elapsed_days
    having
        count(*) = count(stays.cycle_active_days)
        and abs(sum(stays.cycle_days) - clocks.elapsed_days) < 1e-6
),

described_items as (
    select
        belonging_items.release_id,
        belonging_items.item_id,
        item_rows.title,
        item_rows.team,
        item_rows.item_type,
        item_rows.source_url,
        case
            when planned.item_id is not null then 'planned'
            when move_counts.added_count > 0 then 'added'
            when member_periods.item_id is null then 'deployed_only'
            when not member_periods.is_in_by_end then 'joined_after'
            when member_periods.is_in_at_end then 'member'
            else 'left_before'
        end as scope_part,
        delivered_items.deployment_id,
        clocks.exclusion as cycle_exclusion,
        case
            when delivered_items.item_id is null then 'not_delivered'
            else estimates.exclusion
        end as estimate_exclusion,
        coalesce(move_counts.added_count, 0) as added_count,
        coalesce(move_counts.removed_count, 0) as removed_count,
        coalesce(move_counts.readded_count, 0) as readded_count,
        coalesce(move_counts.after_freeze_count, 0) as after_freeze_count,
        held_counts.incident_count,
        clocks.elapsed_days as cycle_days,
        clock_parts.active_days as cycle_active_days,
        clock_parts.waiting_days as cycle_waiting_days,
        clock_parts.blocked_days as cycle_blocked_days,
        estimates.estimate_hours,
        estimates.actual_hours,
        estimates.log_ratio,
        planned.item_id is not null as is_planned,
        coalesce(member_periods.is_in_at_end, false) as is_in_at_end,
        delivered_items.item_id is not null as is_delivered,
        coalesce(planned.is_kept, false)
        and delivered_items.item_id is not null as is_planned_delivery,
        case
            when release_rows.freeze_at is not null
                then coalesce(move_counts.after_freeze_count, 0) > 0
        end as is_after_freeze,
        coalesce(held_counts.is_deployed_here, false) as is_deployed_here,
        clocks.committed_at,
        delivered_items.delivered_at
    from belonging_items
    inner join release_rows
        on belonging_items.release_id = release_rows.release_id
    inner join item_rows
        on belonging_items.item_id = item_rows.item_id
    left join member_periods
        on belonging_items.release_id = member_periods.release_id
        and belonging_items.item_id = member_periods.item_id
    left join planned
        on belonging_items.release_id = planned.release_id
        and belonging_items.item_id = planned.item_id
    left join move_counts
        on belonging_items.release_id = move_counts.release_id
        and belonging_items.item_id = move_counts.item_id
    left join held_counts
        on belonging_items.release_id = held_counts.release_id
        and belonging_items.item_id = held_counts.item_id
    left join clocks
        on belonging_items.item_id = clocks.item_id
    left join clock_parts
        on belonging_items.item_id = clock_parts.item_id
    left join delivered_items
        on belonging_items.item_id = delivered_items.item_id
    left join estimates
        on belonging_items.item_id = estimates.item_id
)

select
    release_id,
    item_id,
    title,
    team,
    item_type,
    source_url,
    scope_part,
    deployment_id,
    cycle_exclusion,
    estimate_exclusion,
    added_count,
    removed_count,
    readded_count,
    after_freeze_count,
    incident_count,
    cycle_days,
    cycle_active_days,
    cycle_waiting_days,
    cycle_blocked_days,
    estimate_hours,
    actual_hours,
    log_ratio,
    is_planned,
    is_in_at_end,
    is_delivered,
    is_planned_delivery,
    is_after_freeze,
    is_deployed_here,
    committed_at,
    delivered_at
from described_items
order by release_id, item_id
