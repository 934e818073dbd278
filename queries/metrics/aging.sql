-- name: aging
-- about: Open items, their age against history, and what they wait for.
-- grain: one row per open item
-- key: item_id
-- reads: params, items_as_of, item_history, item_stages, item_commitments,
--   deliveries, dependencies, releases_as_of, stage_paces, aging_bands
-- columns:
--   item_id           string      Tracker key.
--   title             string?     Title.
--   item_type         string?     feature, defect, hotfix, ...
--   team              string?     Team.
--   owner             string?     Who works on it.
--   release_id        string?     Release it is planned for.
--   release_name      string?     Name of that release.
--   status            string?     The source's own word.
--   stage             string?     Stage; null for a status without one.
--   stage_position    bigint?     1 for the first stage of the workflow.
--   stage_kind        string?     backlog, waiting, active or approval.
--   is_committed      boolean     Committed to.
--   created_at        timestamp?  Creation.
--   committed_at      timestamp?  Commitment.
--   stage_entered_at  timestamp?  Start of the unbroken stay in the stage.
--   age_days          double?     Since creation.
--   stage_age_days    double?     Since it came into the stage.
--   pace_days         double?     Since commitment, else since creation.
--   pace_percentile   double?     Finished items that left here younger, 0-100.
--   is_past_p85       boolean?    Older than the stage's 85th percentile.
--   waits_for         string      blocked, unclear, unowned, unestimated, none.
--   blocked_by        string?     Longest open dependency, else the reason.
--   source_url        string?     The item in its tracker.

-- Definition, Aging. Open is what is neither delivered nor in a done stage at
-- the as-of; an item that came back out of a done stage is open again. An
-- item whose status has no stage is closed by its resolution.
-- waits_for is the first that holds of: "blocked (open dependency), unclear
-- (sent back, or feasibility unknown), unowned, unestimated, none of these".
-- pace_percentile counts finished items with the very same pace half; below
-- 5 finished items in the stage it is null, and so is is_past_p85. Only ages
-- by one clock are compared: an item sent back to before its commitment has
-- no history to be measured against, and neither has one that came past the
-- commitment stage with no commitment known.
-- Without a change log nobody knows when an item came into a stage past the
-- backlog, unless the export states it: its stage_entered_at is null, and
-- without a stated commitment its pace too.

with instant as (
    select as_of
    from params
),

item_rows as (
    select
        item_id,
        title,
        item_type,
        team,
        owner,
        release_id,
        status,
        feasibility,
        source_url,
        estimate_hours,
        story_points,
        is_blocked,
        created_at,
        resolved_at
    from items_as_of
),

stays as (
    select
        item_id,
        stage,
        stage_position,
        kind,
        left_at,
        stage_entered_at,
        is_sent_back,
        span_number
    from item_stages
),

block_reasons as (
    select
        item_id,
        reason
    from item_history
    where field = 'blocked' and ended_at is null
),

open_dependencies as (
    select
        dependencies.item_id,
        dependencies.depends_on,
        dependencies.raised_at
    from dependencies
    cross join instant
    where
        (
            dependencies.raised_at is null
            or dependencies.raised_at <= instant.as_of
        )
        and (
            dependencies.resolved_at is null
            or dependencies.resolved_at > instant.as_of
        )
),

release_rows as (
    select
        release_id,
        release_name
    from releases_as_of
),

paces as (
    select
        stage,
        pace_clock,
        pace_days
    from stage_paces
    where is_stage_clock
),

bands as (
    select
        stage,
        p85_days
    from aging_bands
),

longest_dependencies as (
    select
        item_id,
        depends_on
    from open_dependencies
    qualify row_number() over (
        partition by item_id
        order by raised_at nulls first, depends_on
    ) = 1
),

closed_before as (
    select distinct item_id
    from stays
    where kind = 'done' and left_at is not null
),

-- Sent back: the step that began the present stay in the stage went back.
present_stays as (
    select
        item_id,
        stage,
        stage_position,
        kind,
        stage_entered_at,
        left_at,
        bool_or(is_sent_back) over (
            partition by item_id, stage_entered_at, stage
        ) as is_sent_back
    from stays
    qualify left_at is null
),

open_items as (
    select
        item_rows.item_id,
        item_rows.title,
        item_rows.item_type,
        item_rows.team,
        item_rows.owner,
        item_rows.release_id,
        release_rows.release_name,
        item_rows.status,
        present_stays.stage,
        present_stays.stage_position,
        present_stays.kind as stage_kind,
        item_commitments.committed_at is not null as is_committed,
        item_rows.created_at,
        item_commitments.committed_at,
        present_stays.stage_entered_at,
        seconds_between(
            item_rows.created_at, instant.as_of
        ) / 86400e0 as age_days,
        seconds_between(
            present_stays.stage_entered_at, instant.as_of
        ) / 86400e0 as stage_age_days,
        seconds_between(
            case
                when item_commitments.committed_at is not null
                    then item_commitments.committed_at
                when present_stays.stage is null
                    or present_stays.stage_entered_at is not null
                    then item_rows.created_at
            end,
            instant.as_of
        ) / 86400e0 as pace_days,
        case
            when item_commitments.committed_at is not null then 'commitment'
            else 'creation'
        end as pace_clock,
        case
            when item_rows.is_blocked
                or longest_dependencies.item_id is not null
                then 'blocked'
            when present_stays.is_sent_back
                or item_rows.feasibility = 'unknown'
                then 'unclear'
            when item_rows.owner is null then 'unowned'
            when item_rows.estimate_hours is null
                and item_rows.story_points is null
                then 'unestimated'
            else 'none'
        end as waits_for,
        case
            when longest_dependencies.item_id is not null
                then longest_dependencies.depends_on
            when item_rows.is_blocked then block_reasons.reason
        end as blocked_by,
        item_rows.source_url
    from item_rows
    cross join instant
    left join present_stays
        on item_rows.item_id = present_stays.item_id
    left join closed_before
        on item_rows.item_id = closed_before.item_id
    left join item_commitments
        on item_rows.item_id = item_commitments.item_id
    left join deliveries
        on item_rows.item_id = deliveries.item_id
    left join longest_dependencies
        on item_rows.item_id = longest_dependencies.item_id
    left join block_reasons
        on item_rows.item_id = block_reasons.item_id
    left join release_rows
        on item_rows.release_id = release_rows.release_id
    where
        case
            when present_stays.kind = 'done' then false
            when present_stays.kind is not null
                and closed_before.item_id is not null
                then true
            when deliveries.item_id is not null then false
            when present_stays.kind is null
                then item_rows.resolved_at is null
            else true
        end
),

-- One sorted pass over finished and open paces instead of comparing each
-- open item with each finished one.
all_paces as (
    select
        cast(null as string) as item_id,
        stage,
        pace_clock,
        pace_days,
        1 as is_finished
    from paces
    union all
    select item_id, stage, pace_clock, pace_days, 0 as is_finished
    from open_items
    where stage is not null and pace_days is not null
),

counted_paces as (
    select
        item_id,
        sum(is_finished) over (
            partition by stage, pace_clock
            order by pace_days
            range between unbounded preceding and current row
        ) as not_older_count,
        sum(is_finished) over (
            partition by stage, pace_clock, pace_days
        ) as same_count,
        sum(is_finished) over (
            partition by stage, pace_clock
        ) as finished_count
    from all_paces
),

percentiles as (
    select
        item_id,
        100e0 * (not_older_count - 5e-1 * same_count)
        / nullif(finished_count, 0) as pace_percentile
    from counted_paces
    where item_id is not null and finished_count >= 5
),

placed_items as (
    select
        open_items.item_id,
        open_items.title,
        open_items.item_type,
        open_items.team,
        open_items.owner,
        open_items.release_id,
        open_items.release_name,
        open_items.status,
        open_items.stage,
        open_items.stage_position,
        open_items.stage_kind,
        open_items.is_committed,
        open_items.created_at,
        open_items.committed_at,
        open_items.stage_entered_at,
        open_items.age_days,
        open_items.stage_age_days,
        open_items.pace_days,
        percentiles.pace_percentile,
        case
            when percentiles.pace_percentile is not null
                then open_items.pace_days > bands.p85_days
        end as is_past_p85,
        open_items.waits_for,
        open_items.blocked_by,
        open_items.source_url
    from open_items
    left join percentiles
        on open_items.item_id = percentiles.item_id
    left join bands
        on open_items.stage = bands.stage
)

select
    item_id,
    title,
    item_type,
    team,
    owner,
    release_id,
    release_name,
    status,
    stage,
    stage_position,
    stage_kind,
    is_committed,
    created_at,
    committed_at,
    stage_entered_at,
    age_days,
    stage_age_days,
    pace_days,
    pace_percentile,
    is_past_p85,
    waits_for,
    blocked_by,
    source_url
from placed_items
order by item_id
