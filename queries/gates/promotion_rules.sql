-- name: promotion_rules
-- title: Promotion through a lower environment
-- group: environments
-- about: What goes to production has been deployed to the lower environment
--   with success, and has passed its tests, before the deployment starts.
-- guards: the start of the deployment
-- needs: deployments
-- reads: gate_limits, table_feeds, deployments, deployments_as_of,
--   deployment_items, production_deployments, evidence_as_of,
--   pipeline_runs_as_of
-- limits:
--   lower_environment  staging  Environment to have passed
--   tests  integration_test;unit_test  Kinds of evidence that are tests

-- coverage.md, 5.3: "promotions without a passed lower environment": the last
-- completed deployment there of the same commit, or of the same release and
-- system, succeeded, and the last tests before the start passed. Tests are
-- evidence on the release or the deployment, and pipeline runs of the stage
-- `test` for the commit or the release. Where there are none, runs for the
-- items that the deployment holds count, one for each item. Where no source
-- feeds evidence and no run was found, nobody knows. Of what ended at one
-- instant the worst counts. Where the start of the deployment is unknown, what
-- passed before its end may have come too late: unknown. Rollbacks and
-- cancelled attempts are no promotions.

with lower_environments as (
    select distinct lower(word) as environment
    from gate_limits
    where gate = 'promotion_rules' and limit_name = 'lower_environment'
),

test_kinds as (
    select distinct lower(word) as kind
    from gate_limits
    where gate = 'promotion_rules' and limit_name = 'tests'
),

promotions as (
    select
        deployment_id,
        release_id,
        system,
        commit_sha,
        started_at,
        begun_at
    from production_deployments
    where is_completed and rollback_of is null
),

rehearsals as (
    select
        deployments_as_of.deployment_id,
        deployments_as_of.release_id,
        deployments_as_of.system,
        deployments.commit_sha,
        deployments_as_of.result,
        deployments_as_of.finished_at
    from deployments_as_of
    inner join deployments
        on deployments_as_of.deployment_id = deployments.deployment_id
    inner join lower_environments
        on lower(deployments_as_of.environment)
            = lower_environments.environment
    where deployments_as_of.is_completed
),

feeds as (
    select is_fed as has_evidence
    from table_feeds
    where table_name = 'evidence'
),

-- A release whose rehearsal names no system may have rehearsed another one.
matched_rehearsals as (
    select
        promotions.deployment_id,
        rehearsals.deployment_id as rehearsal_id,
        rehearsals.result,
        rehearsals.finished_at,
        promotions.started_at is not null as is_start_known,
        true as is_sure
    from promotions
    inner join rehearsals
        on promotions.commit_sha = rehearsals.commit_sha
    where rehearsals.finished_at < promotions.begun_at
    union all
    select
        promotions.deployment_id,
        rehearsals.deployment_id as rehearsal_id,
        rehearsals.result,
        rehearsals.finished_at,
        promotions.started_at is not null as is_start_known,
        coalesce(promotions.system = rehearsals.system, false) as is_sure
    from promotions
    inner join rehearsals
        on promotions.release_id = rehearsals.release_id
    where rehearsals.finished_at < promotions.begun_at
        and (
            promotions.system is null
            or rehearsals.system is null
            or promotions.system = rehearsals.system
        )
),

last_rehearsals as (
    select
        deployment_id,
        rehearsal_id,
        result,
        finished_at,
        is_sure
    from matched_rehearsals
    qualify row_number() over (
        partition by deployment_id
        order by
            is_sure desc nulls last,
            case when not is_start_known and result = 'success' then 0 else 1
            end,
            finished_at desc nulls last,
            case result when 'success' then 1 else 0 end,
            rehearsal_id,
            result
    ) = 1
),

tests as (
    select
        evidence_as_of.evidence_id as test_id,
        evidence_as_of.subject_type,
        evidence_as_of.subject_id,
        evidence_as_of.result = 'pass' as is_passed,
        evidence_as_of.checked_at as tested_at
    from evidence_as_of
    inner join test_kinds
        on evidence_as_of.kind = test_kinds.kind
    where evidence_as_of.subject_type in ('release', 'deployment')
    union all
    select
        run_id as test_id,
        'release' as subject_type,
        release_id as subject_id,
        result = 'success' as is_passed,
        finished_at as tested_at
    from pipeline_runs_as_of
    where lower(stage) = 'test' and result in ('success', 'failure')
        and release_id is not null and finished_at is not null
    union all
    select
        run_id as test_id,
        'commit' as subject_type,
        commit_sha as subject_id,
        result = 'success' as is_passed,
        finished_at as tested_at
    from pipeline_runs_as_of
    where lower(stage) = 'test' and result in ('success', 'failure')
        and commit_sha is not null and finished_at is not null
    union all
    select
        run_id as test_id,
        'item' as subject_type,
        item_id as subject_id,
        result = 'success' as is_passed,
        finished_at as tested_at
    from pipeline_runs_as_of
    where lower(stage) = 'test' and result in ('success', 'failure')
        and item_id is not null and release_id is null
        and finished_at is not null
),

held_items as (
    select
        promotions.deployment_id,
        promotions.begun_at,
        deployment_items.item_id
    from promotions
    inner join deployment_items
        on promotions.deployment_id = deployment_items.deployment_id
),

-- What was tested: the whole, under one of three names, or an item of it.
tested_subjects as (
    select
        deployment_id,
        begun_at,
        started_at is not null as is_start_known,
        '' as part,
        'release' as subject_type,
        release_id as subject_id
    from promotions
    union all
    select
        deployment_id,
        begun_at,
        started_at is not null as is_start_known,
        '' as part,
        'deployment' as subject_type,
        deployment_id as subject_id
    from promotions
    union all
    select
        deployment_id,
        begun_at,
        started_at is not null as is_start_known,
        '' as part,
        'commit' as subject_type,
        commit_sha as subject_id
    from promotions
    union all
    select
        promotions.deployment_id,
        promotions.begun_at,
        promotions.started_at is not null as is_start_known,
        held_items.item_id as part,
        'item' as subject_type,
        held_items.item_id as subject_id
    from promotions
    inner join held_items
        on promotions.deployment_id = held_items.deployment_id
),

last_tests_of_parts as (
    select
        tested_subjects.deployment_id,
        tested_subjects.part,
        tests.test_id,
        tests.is_passed
    from tested_subjects
    inner join tests
        on tested_subjects.subject_type = tests.subject_type
        and tested_subjects.subject_id = tests.subject_id
    where tests.tested_at < tested_subjects.begun_at
    qualify row_number() over (
        partition by tested_subjects.deployment_id, tested_subjects.part
        order by
            case
                when not tested_subjects.is_start_known and tests.is_passed
                    then 0
                else 1
            end,
            tests.tested_at desc nulls last,
            tests.is_passed nulls last,
            tests.test_id,
            tests.subject_type
    ) = 1
),

item_counts as (
    select
        deployment_id,
        count(*) as item_count
    from held_items
    group by deployment_id
),

-- The test of the whole decides; without one, the worst of the items.
last_tests as (
    select
        last_tests_of_parts.deployment_id,
        last_tests_of_parts.part,
        last_tests_of_parts.test_id,
        last_tests_of_parts.is_passed,
        last_tests_of_parts.part = ''
        or count(*) over (partition by last_tests_of_parts.deployment_id)
        = item_counts.item_count as is_complete
    from last_tests_of_parts
    left join item_counts
        on last_tests_of_parts.deployment_id = item_counts.deployment_id
    qualify row_number() over (
        partition by last_tests_of_parts.deployment_id
        order by
            case when last_tests_of_parts.part = '' then 0 else 1 end,
            last_tests_of_parts.is_passed nulls last,
            last_tests_of_parts.part
    ) = 1
),

standings as (
    select
        promotions.deployment_id,
        promotions.release_id,
        promotions.begun_at,
        promotions.started_at is not null as is_start_known,
        last_rehearsals.rehearsal_id,
        last_rehearsals.result,
        last_rehearsals.finished_at,
        last_tests.test_id,
        last_tests.is_passed,
        promotions.release_id is not null
            or promotions.commit_sha is not null as has_subject,
        case
            when last_rehearsals.is_sure
                and last_rehearsals.result = 'success'
                and promotions.started_at is null then 'unknown'
            when last_rehearsals.is_sure
                and last_rehearsals.result = 'success' then 'pass'
            when last_rehearsals.is_sure then 'fail'
            when last_rehearsals.result = 'success' then 'unknown'
            when promotions.release_id is null
                and promotions.commit_sha is null then 'unknown'
            else 'fail'
        end as rehearsal_verdict,
        case
            when last_tests.is_passed and not last_tests.is_complete
                then 'fail'
            when last_tests.is_passed and promotions.started_at is null
                then 'unknown'
            when last_tests.is_passed then 'pass'
            when last_tests.test_id is not null then 'fail'
            when promotions.release_id is null
                and promotions.commit_sha is null then 'unknown'
            when feeds.has_evidence then 'fail'
            else 'unknown'
        end as test_verdict
    from promotions
    cross join feeds
    left join last_rehearsals
        on promotions.deployment_id = last_rehearsals.deployment_id
    left join last_tests
        on promotions.deployment_id = last_tests.deployment_id
)

select
    'promotion_rules' as gate,
    'deployment' as subject_type,
    deployment_id as subject_id,
    release_id,
    cast(null as string) as team,
    case
        when rehearsal_verdict = 'fail' or test_verdict = 'fail' then 'fail'
        when rehearsal_verdict = 'unknown' or test_verdict = 'unknown'
            then 'unknown'
        else 'pass'
    end as verdict,
    deployment_id || ': ' || case
        when rehearsal_verdict = 'pass'
            then 'passed the lower environment with ' || rehearsal_id
        when rehearsal_verdict = 'unknown' and rehearsal_id is not null
            and not is_start_known
            then 'whether it passed the lower environment with '
            || rehearsal_id || ' before it started is unknown'
        when rehearsal_verdict = 'unknown' and rehearsal_id is not null
            then 'whether ' || rehearsal_id || ' was of its system is unknown'
        when rehearsal_verdict = 'unknown'
            then 'names neither release nor commit'
        when rehearsal_id is not null
            then rehearsal_id || ' in the lower environment ended in '
            || result
        else 'not in the lower environment before'
    end || '; ' || case
        when test_verdict = 'pass' then 'tests passed with ' || test_id
        when test_verdict = 'unknown' and not has_subject
            then 'its tests are unknown'
        when test_verdict = 'unknown' and test_id is not null
            then 'whether tests passed with ' || test_id
            || ' before it started is unknown'
        when test_verdict = 'unknown' then 'no data: feed `evidence`'
        when is_passed then 'some of its items without a test'
        when test_id is not null then 'tests failed with ' || test_id
        else 'no tests before it started'
    end as reason,
    rehearsal_id as evidence_id,
    finished_at as evidence_at,
    begun_at as due_at
from standings
order by gate, subject_type, subject_id, release_id
