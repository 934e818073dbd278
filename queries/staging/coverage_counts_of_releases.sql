-- name: coverage_counts_of_releases
-- about: How many rows each rule met, for the marts of releases.
-- grain: one row per metric and rule that met a row
-- key: metric, rule
-- reads: params, table_feeds, scope_changes, incidents, deployment_items,
--   coverage_counts, releases_as_of, items_as_of, scope_moves,
--   release_memberships, release_baselines, incident_attribution,
--   deployment_repairs, success_rate, stage_stays, measure_rows,
--   release_items, release_scope_moves, release_incidents, release_summary,
--   release_measures, release_stage_times, release_item_spans
-- columns:
--   metric     string  Mart whose rows are accounted for.
--   rule       string  See coverage_rules_of_releases.
--   row_count  bigint  Rows.

-- What is used is counted in the mart itself, what is left out where it came
-- from: the ledger adds up only if the mart kept every row that it should.

with instant as (
    select as_of
    from params
),

feeds as (
    select count(*) as feed_count
    from table_feeds
    where table_name = 'scope_changes' and is_fed
),

known_releases as (
    select release_id
    from releases_as_of
),

known_items as (
    select item_id
    from items_as_of
),

deployments_judged as (
    select
        deployment_id,
        release_id,
        result,
        has_incident_feed
    from success_rate
),

member_pairs as (
    select distinct
        release_id,
        item_id
    from release_memberships
),

held_pairs as (
    select
        deployments_judged.release_id,
        deployment_items.item_id,
        bool_or(deployments_judged.result = 'success') as is_success
    from deployments_judged
    inner join deployment_items
        on deployments_judged.deployment_id = deployment_items.deployment_id
    where deployments_judged.release_id is not null
    group by deployments_judged.release_id, deployment_items.item_id
),

pairs as (
    select release_id, item_id
    from member_pairs
    union
    select release_id, item_id
    from held_pairs
),

item_rules as (
    select
        'release_items' as metric,
        case
            when known_releases.release_id is null then 'unknown_release'
            when known_items.item_id is null then 'unknown_item'
            when member_pairs.item_id is null and not held_pairs.is_success
                then 'only_failed'
        end as rule
    from pairs
    left join known_releases
        on pairs.release_id = known_releases.release_id
    left join known_items
        on pairs.item_id = known_items.item_id
    left join member_pairs
        on pairs.release_id = member_pairs.release_id
        and pairs.item_id = member_pairs.item_id
    left join held_pairs
        on pairs.release_id = held_pairs.release_id
        and pairs.item_id = held_pairs.item_id
),

stated_changes as (
    select
        case
            when scope_changes.changed_at > instant.as_of then 'after_as_of'
            when known_items.item_id is null then 'unknown_item'
        end as rule
    from scope_changes
    cross join instant
    inner join feeds
        on feeds.feed_count > 0
    left join known_items
        on scope_changes.item_id = known_items.item_id
),

moves as (
    select
        scope_moves.is_derived,
        case
            when release_baselines.release_id is null then 'unknown_release'
            when release_baselines.baseline_at is null
                or release_baselines.baseline_at > instant.as_of
                then 'no_baseline'
            when scope_moves.changed_at <= release_baselines.baseline_at
                then 'before_baseline'
            when scope_moves.changed_at > release_baselines.closed_at
                then 'after_end'
        end as rule
    from scope_moves
    cross join instant
    left join release_baselines
        on scope_moves.release_id = release_baselines.release_id
),

move_counts as (
    select
        count(*) filter (where not is_derived) as stated_count,
        count(*) filter (where is_derived) as derived_count
    from moves
),

stated_counts as (
    select
        count(*) as row_count,
        count(*) filter (where rule is null) as seen_count
    from stated_changes
),

move_rules as (
    select 'release_scope_moves' as metric, rule
    from stated_changes
    union all
    select 'release_scope_moves' as metric, rule
    from moves
),

attributed_incidents as (
    select
        incident_attribution.incident_id is null as is_ahead,
        incident_attribution.deployment_id,
        incident_attribution.kind,
        incident_attribution.is_within_window
    from incidents
    left join incident_attribution
        on incidents.incident_id = incident_attribution.incident_id
),

answers as (
    select distinct
        deployment_id,
        repair_id,
        method
    from deployment_repairs
),

event_rules as (
    select
        'release_incidents' as metric,
        case
            when attributed_incidents.is_ahead then 'after_as_of'
            when attributed_incidents.kind <> 'incident' then 'not_incident'
            when attributed_incidents.deployment_id is null
                then 'unattributed'
            when deployments_judged.deployment_id is null
                then 'not_production'
            when deployments_judged.release_id is null then 'no_release'
            when not deployments_judged.has_incident_feed
                then 'no_incident_feed'
            when not attributed_incidents.is_within_window
                then 'outside_window'
        end as rule
    from attributed_incidents
    left join deployments_judged
        on attributed_incidents.deployment_id
        = deployments_judged.deployment_id
    union all
    select
        'release_incidents' as metric,
        case
            when deployments_judged.release_id is null then 'no_release'
            when not deployments_judged.has_incident_feed
                then 'no_incident_feed'
        end as rule
    from answers
    inner join deployments_judged
        on answers.deployment_id = deployments_judged.deployment_id
),

deployment_rules as (
    select
        'release_summary' as metric,
        case
            when deployments_judged.release_id is null then 'no_release'
            when known_releases.release_id is null then 'unknown_release'
        end as rule
    from deployments_judged
    left join known_releases
        on deployments_judged.release_id = known_releases.release_id
),

subjects as (
    select
        measure,
        subject_id,
        bool_or(period_kind = 'release') as is_of_release,
        bool_or(
            period_kind = 'release' and is_denominator
        ) as is_denominator
    from measure_rows
    group by measure, subject_id
),

subject_rules as (
    select
        'release_measures' as metric,
        case
            when not is_of_release then 'no_release'
            when not is_denominator then 'no_value'
        end as rule
    from subjects
),

final_items as (
    select
        release_id,
        item_id,
        cycle_exclusion
    from release_items
    where is_in_at_end
),

final_stages as (
    select
        final_items.cycle_exclusion,
        count(stage_stays.entered_at) as dated_count,
        count(stage_stays.cycle_days) as clocked_count
    from final_items
    inner join stage_stays
        on final_items.item_id = stage_stays.item_id
    group by
        final_items.release_id,
        final_items.item_id,
        final_items.cycle_exclusion,
        stage_stays.stage_position
),

stage_rules as (
    select
        'release_stage_times' as metric,
        case
            when cycle_exclusion is not null then 'no_clock'
            when dated_count = 0 then 'entry_unknown'
            when clocked_count = 0 then 'outside_clock'
        end as rule
    from final_stages
),

clocked_items as (
    select distinct item_id
    from stage_stays
    where cycle_days is not null
),

span_rules as (
    select distinct
        'release_item_spans' as metric,
        case
            when final_items.cycle_exclusion is not null then 'no_clock'
            when clocked_items.item_id is null then 'entry_unknown'
        end as rule,
        final_items.item_id
    from final_items
    left join clocked_items
        on final_items.item_id = clocked_items.item_id
),

-- Every row, with the rule that leaves it out, if one does.
ruled_rows as (
    select metric, rule from item_rules
    union all
    select metric, rule from move_rules
    union all
    select metric, rule from event_rules
    union all
    select metric, rule from deployment_rules
    union all
    select metric, rule from subject_rules
    union all
    select metric, rule from stage_rules
    union all
    select metric, rule from span_rules
),

used_counts as (
    select 'release_items' as metric, count(*) as row_count
    from release_items
    union all
    select 'release_scope_moves' as metric, count(*) as row_count
    from release_scope_moves
    where is_counted
    union all
    select 'release_incidents' as metric, count(*) as row_count
    from release_incidents
    where is_counted
    union all
    select
        'release_summary' as metric,
        cast(coalesce(sum(deployment_count), 0) as bigint) as row_count
    from release_summary
    union all
    select
        'release_measures' as metric,
        cast(coalesce(sum(denominator), 0) as bigint) as row_count
    from release_measures
    union all
    select
        'release_stage_times' as metric,
        cast(coalesce(sum(item_count), 0) as bigint) as row_count
    from release_stage_times
    union all
    select
        'release_item_spans' as metric,
        count(distinct item_id) as row_count
    from release_item_spans
),

counted_rows as (
    select metric, rule, count(*) as row_count
    from ruled_rows
    where rule is not null
    group by metric, rule
    union all
    select metric, 'used' as rule, row_count
    from used_counts
    union all
    select metric, 'rows_in' as rule, count(*) as row_count
    from ruled_rows
    where metric not in ('release_scope_moves', 'release_summary')
    group by metric
    union all
    select
        'release_scope_moves' as metric,
        'rows_in' as rule,
        stated_counts.row_count + move_counts.derived_count as row_count
    from stated_counts
    cross join move_counts
    union all
    select
        'release_scope_moves' as metric,
        'no_move' as rule,
        stated_counts.seen_count - move_counts.stated_count as row_count
    from stated_counts
    cross join move_counts
    union all
    select 'release_summary' as metric, rule, row_count
    from coverage_counts
    where
        metric = 'success_rate'
        and rule in ('rows_in', 'after_as_of', 'not_production', 'cancelled')
)

select
    metric,
    rule,
    row_count
from counted_rows
order by metric, rule
