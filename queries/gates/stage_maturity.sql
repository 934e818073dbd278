-- name: stage_maturity
-- title: Stages mirror maturity
-- group: environments
-- about: No item stands in a stage of the workflow whose pipeline stages it had
--   not passed when it came there.
-- guards: coming into the stage
-- needs: items, pipeline_runs
-- reads: gate_limits, table_feeds, workflow, items_as_of, item_stages,
--   release_scope, pipeline_runs_as_of
-- limits:
--   build  review;testing;staging;approval;done  Stages (name or kind) that
--     need a passed build
--   test  staging;approval;done  Stages (name or kind) that need a passed test
--   security_scan  approval;done  Stages (name or kind) that need a passed
--     security scan

-- coverage.md, 5.2: "items whose stage is ahead of what the pipeline has
-- passed (build, test, security scan)". A stage needs what it names and what
-- the stages before it need. The moment is when the item, from a stage that
-- did not need the run, last came to one that does. The last run before it
-- that succeeded or failed counts, for the item, or for its release where the
-- run names no item; of several at one instant one that failed. Where nobody
-- knows since when an item stands there, a passed run may have come before or
-- after: unknown. An item of no release has a row without one.

with demanded_stages as (
    select
        gate_limits.limit_name as pipeline_stage,
        workflow.stage_position
    from gate_limits
    inner join workflow
        on lower(gate_limits.word) = lower(workflow.stage)
    where gate_limits.gate = 'stage_maturity'
    union all
    select
        gate_limits.limit_name as pipeline_stage,
        workflow.stage_position
    from gate_limits
    inner join workflow
        on lower(gate_limits.word) = workflow.kind
    where gate_limits.gate = 'stage_maturity'
),

needs as (
    select
        pipeline_stage,
        min(stage_position) as needed_position
    from demanded_stages
    group by pipeline_stage
),

stages as (
    select distinct
        status,
        stage,
        stage_position
    from workflow
),

scope as (
    select
        release_scope.release_id,
        items_as_of.item_id
    from items_as_of
    left join release_scope
        on items_as_of.item_id = release_scope.item_id
),

log_feed as (
    select is_fed as has_events
    from table_feeds
    where table_name = 'item_events'
),

item_rows as (
    select
        items_as_of.item_id,
        items_as_of.team,
        items_as_of.status,
        stages.stage,
        stages.stage_position
    from items_as_of
    left join stages
        on items_as_of.status = stages.status
),

demands as (
    select
        scope.release_id,
        scope.item_id,
        item_rows.team,
        item_rows.status,
        item_rows.stage,
        needs.pipeline_stage,
        needs.needed_position
    from scope
    inner join item_rows
        on scope.item_id = item_rows.item_id
    cross join needs
    where item_rows.stage_position is null
        or item_rows.stage_position >= needs.needed_position
),

demanding_items as (
    select distinct
        item_id,
        pipeline_stage,
        needed_position
    from demands
    where stage is not null
),

stays as (
    select
        item_id,
        span_number,
        stage_position,
        entered_at
    from item_stages
    where stage_position is not null
),

last_below as (
    select
        demanding_items.item_id,
        demanding_items.pipeline_stage,
        max(stays.span_number) as span_number
    from demanding_items
    inner join stays
        on demanding_items.item_id = stays.item_id
        and stays.stage_position < demanding_items.needed_position
    group by demanding_items.item_id, demanding_items.pipeline_stage
),

entries as (
    select
        demanding_items.item_id,
        demanding_items.pipeline_stage,
        stays.entered_at
    from demanding_items
    inner join stays
        on demanding_items.item_id = stays.item_id
        and stays.stage_position >= demanding_items.needed_position
    left join last_below
        on demanding_items.item_id = last_below.item_id
        and demanding_items.pipeline_stage = last_below.pipeline_stage
    where stays.span_number > coalesce(last_below.span_number, 0)
    qualify row_number() over (
        partition by demanding_items.item_id, demanding_items.pipeline_stage
        order by stays.span_number
    ) = 1
),

runs as (
    select
        run_id,
        lower(stage) as pipeline_stage,
        item_id,
        release_id,
        result,
        started_at,
        finished_at
    from pipeline_runs_as_of
    where result in ('success', 'failure')
),

feed as (
    select count(item_id) + count(release_id) > 0 as has_subjects
    from runs
),

dated_demands as (
    select
        demands.release_id,
        demands.item_id,
        demands.pipeline_stage,
        entries.entered_at
    from demands
    left join entries
        on demands.item_id = entries.item_id
        and demands.pipeline_stage = entries.pipeline_stage
),

found_runs as (
    select
        dated_demands.release_id,
        dated_demands.item_id,
        dated_demands.pipeline_stage,
        dated_demands.entered_at,
        runs.run_id,
        runs.result,
        runs.started_at,
        runs.finished_at
    from dated_demands
    inner join runs
        on dated_demands.item_id = runs.item_id
        and dated_demands.pipeline_stage = runs.pipeline_stage
    union all
    select
        dated_demands.release_id,
        dated_demands.item_id,
        dated_demands.pipeline_stage,
        dated_demands.entered_at,
        runs.run_id,
        runs.result,
        runs.started_at,
        runs.finished_at
    from dated_demands
    inner join runs
        on dated_demands.release_id = runs.release_id
        and dated_demands.pipeline_stage = runs.pipeline_stage
    where runs.item_id is null
),

timed_runs as (
    select
        release_id,
        item_id,
        pipeline_stage,
        run_id,
        result,
        started_at,
        finished_at,
        case
            when entered_at is null then 'undated'
            when finished_at < entered_at then 'in_time'
            when started_at >= entered_at or finished_at >= entered_at
                then 'late'
            else 'undated'
        end as standing
    from found_runs
),

best_runs as (
    select
        release_id,
        item_id,
        pipeline_stage,
        run_id,
        result,
        finished_at,
        standing
    from timed_runs
    qualify row_number() over (
        partition by release_id, item_id, pipeline_stage
        order by
            case standing
                when 'in_time' then 0
                when 'undated' then 1
                else 2
            end,
            case when standing = 'in_time' then finished_at end
                desc nulls last,
            case
                when (result = 'success') = (standing = 'in_time') then 1
                else 0
            end,
            started_at,
            run_id
    ) = 1
),

judged_demands as (
    select
        demands.release_id,
        demands.item_id,
        demands.team,
        demands.status,
        demands.stage,
        demands.pipeline_stage,
        demands.needed_position,
        dated_demands.entered_at,
        best_runs.run_id,
        best_runs.finished_at,
        case
            when best_runs.standing = 'in_time'
                and best_runs.result = 'success' then 0
            when not feed.has_subjects then 1
            when dated_demands.entered_at is null
                and not log_feed.has_events then 1
            when demands.stage is null then 1
            when best_runs.standing = 'undated'
                and best_runs.result = 'success' then 1
            else 2
        end as badness,
        case
            when best_runs.standing = 'in_time'
                and best_runs.result = 'success' then ''
            when not feed.has_subjects
                then '; no run of the feed names an item or a release'
            when dated_demands.entered_at is null
                and not log_feed.has_events then ''
            when best_runs.run_id is null
                then '; no ' || demands.pipeline_stage
            when best_runs.standing = 'undated'
                and best_runs.result = 'success'
                then '; whether ' || best_runs.run_id || ' ('
                || demands.pipeline_stage || ') came before is unknown'
            when best_runs.result = 'success'
                then '; ' || demands.pipeline_stage
                || ' passed afterwards only, ' || best_runs.run_id
            else '; ' || demands.pipeline_stage || ' failed, '
                || best_runs.run_id
        end as words
    from demands
    cross join feed
    cross join log_feed
    inner join dated_demands
        on demands.release_id is not distinct from dated_demands.release_id
        and demands.item_id = dated_demands.item_id
        and demands.pipeline_stage = dated_demands.pipeline_stage
    left join best_runs
        on demands.release_id is not distinct from best_runs.release_id
        and demands.item_id = best_runs.item_id
        and demands.pipeline_stage = best_runs.pipeline_stage
),

sentences as (
    select
        release_id,
        item_id,
        coalesce(max(words) filter (where pipeline_stage = 'build'), '')
        || coalesce(max(words) filter (where pipeline_stage = 'test'), '')
        || coalesce(
            max(words) filter (where pipeline_stage = 'security_scan'), ''
        ) as words
    from judged_demands
    group by release_id, item_id
),

deciding_demands as (
    select
        release_id,
        item_id,
        team,
        status,
        stage,
        entered_at,
        run_id,
        finished_at,
        badness
    from judged_demands
    qualify row_number() over (
        partition by release_id, item_id
        order by badness desc nulls last, needed_position desc nulls last,
            pipeline_stage
    ) = 1
)

select
    'stage_maturity' as gate,
    'item' as subject_type,
    deciding_demands.item_id as subject_id,
    deciding_demands.release_id,
    deciding_demands.team,
    case deciding_demands.badness
        when 0 then 'pass'
        when 1 then 'unknown'
        else 'fail'
    end as verdict,
    deciding_demands.item_id || ': ' || case
        when deciding_demands.stage is not null
            then 'in ' || deciding_demands.stage
        when deciding_demands.status is null then 'its stage is unknown'
        else 'its status ' || deciding_demands.status || ' has no stage'
    end || case
        when deciding_demands.badness = 0 then ', and had passed what it needs'
        when sentences.words = '' then '; no data: feed `item_events`'
        else sentences.words
    end as reason,
    deciding_demands.run_id as evidence_id,
    deciding_demands.finished_at as evidence_at,
    deciding_demands.entered_at as due_at
from deciding_demands
inner join sentences
    on deciding_demands.release_id is not distinct from sentences.release_id
    and deciding_demands.item_id = sentences.item_id
order by gate, subject_type, subject_id, release_id
