-- name: accepted_rules
-- title: Accepted rules
-- group: governance
-- about: What an accepted rule holds back stays out, and what one requires is
--   there, before the release ships.
-- guards: shipping
-- needs: releases
-- reads: rule_hits, release_moments, approvals_as_of, evidence_as_of,
--   items_as_of, deployment_items, production_deployments

-- Definition, Rules: an action of an accepted rule is raise, lower, hold or
-- require. hold: a matched item fails until somebody lets it in with an exception
-- that names this gate. require: an approval of that kind that was granted, or
-- evidence of that kind that passed, on the item or on its release. An estimate
-- that the item has, and a canary or blue-green deployment of the item, are what
-- `estimate` and `canary` ask for. A rule guards what ships after it was
-- accepted. An item has one row a release, for its worst rule; without an
-- accepted rule there is no row.

with moments as (
    select
        release_id,
        ship_due_at
    from release_moments
    where coalesce(status, 'planned') <> 'cancelled'
),

hits as (
    select
        rule_hits.rule_id,
        rule_hits.item_id,
        rule_hits.release_id,
        rule_hits.team,
        rule_hits.action_kind,
        rule_hits.required_kind,
        rule_hits.found_words,
        rule_hits.missing_words,
        rule_hits.is_matched,
        moments.ship_due_at
    from rule_hits
    inner join moments
        on rule_hits.release_id = moments.release_id
    where rule_hits.action_kind in ('hold', 'require')
        and coalesce(rule_hits.is_matched, true)
        and (
            moments.ship_due_at is null
            or rule_hits.accepted_at < moments.ship_due_at
        )
),

records as (
    select
        approval_id as record_id,
        subject_type,
        subject_id,
        kind,
        decided_at as dated_at
    from approvals_as_of
    where decision = 'approved' and decided_at is not null
    union all
    select
        evidence_id as record_id,
        subject_type,
        subject_id,
        kind,
        checked_at as dated_at
    from evidence_as_of
    where result = 'pass'
),

linked_records as (
    select
        hits.rule_id,
        hits.item_id,
        hits.release_id,
        records.record_id,
        records.dated_at
    from hits
    inner join records
        on hits.item_id = records.subject_id
        and hits.required_kind = records.kind
    where records.subject_type = 'item'
        and (
            hits.ship_due_at is null or records.dated_at < hits.ship_due_at
        )
    union all
    select
        hits.rule_id,
        hits.item_id,
        hits.release_id,
        records.record_id,
        records.dated_at
    from hits
    inner join records
        on hits.release_id = records.subject_id
        and hits.required_kind = records.kind
    where records.subject_type = 'release'
        and (
            hits.ship_due_at is null or records.dated_at < hits.ship_due_at
        )
),

best_records as (
    select
        rule_id,
        item_id,
        release_id,
        record_id,
        dated_at
    from linked_records
    qualify row_number() over (
        partition by rule_id, item_id, release_id
        order by dated_at desc, record_id
    ) = 1
),

estimated_items as (
    select item_id
    from items_as_of
    where estimate_hours > 0e0 or story_points > 0e0
),

careful_items as (
    select distinct
        production_deployments.release_id,
        deployment_items.item_id
    from production_deployments
    inner join deployment_items
        on production_deployments.deployment_id
        = deployment_items.deployment_id
    where production_deployments.strategy in ('canary', 'blue_green')
        and production_deployments.is_completed
        and production_deployments.release_id is not null
),

judged_hits as (
    select
        hits.rule_id,
        hits.item_id,
        hits.release_id,
        hits.team,
        hits.ship_due_at,
        best_records.record_id,
        best_records.dated_at,
        case
            when hits.is_matched is null then 'unknown'
            when hits.action_kind = 'hold' then 'fail'
            when best_records.record_id is not null then 'pass'
            when hits.required_kind = 'estimate'
                and estimated_items.item_id is not null then 'pass'
            when hits.required_kind = 'canary'
                and careful_items.item_id is not null then 'pass'
            else 'fail'
        end as verdict,
        'rule ' || hits.rule_id || case
            when hits.missing_words is not null
                then ' cannot look: ' || hits.missing_words
            when hits.is_matched is null
                then ' asks for what nobody knows of the item'
            when hits.action_kind = 'hold' then
                ' holds it back (' || hits.found_words || ')'
            when best_records.record_id is not null then
                ' requires ' || hits.required_kind || ', which is there'
            when hits.required_kind = 'estimate'
                and estimated_items.item_id is not null then
                ' requires an estimate, which is there'
            when hits.required_kind = 'canary'
                and careful_items.item_id is not null then
                ' requires a canary, which it went out by'
            else
                ' requires ' || hits.required_kind || ' ('
                || hits.found_words || '), and there is none'
        end as reason
    from hits
    left join best_records
        on hits.rule_id = best_records.rule_id
        and hits.item_id = best_records.item_id
        and hits.release_id = best_records.release_id
    left join estimated_items
        on hits.item_id = estimated_items.item_id
    left join careful_items
        on hits.item_id = careful_items.item_id
        and hits.release_id = careful_items.release_id
),

worst_hits as (
    select
        rule_id,
        item_id,
        release_id,
        team,
        ship_due_at,
        record_id,
        dated_at,
        verdict,
        reason,
        count(*) over (partition by item_id, release_id) as rule_count
    from judged_hits
    qualify row_number() over (
        partition by item_id, release_id
        order by
            case verdict when 'fail' then 0 when 'unknown' then 1 else 2 end,
            rule_id
    ) = 1
)

select
    'accepted_rules' as gate,
    'item' as subject_type,
    item_id as subject_id,
    release_id,
    team,
    verdict,
    item_id || ': ' || reason || case
        when rule_count > 1 then
            '; the worst of ' || cast(rule_count as string) || ' rules'
        else ''
    end as reason,
    record_id as evidence_id,
    dated_at as evidence_at,
    ship_due_at as due_at
from worst_hits
order by gate, subject_type, subject_id, release_id
