-- name: promotion_rules
-- title: Promotion through a lower environment
-- group: environments
-- about: What goes to production has been deployed to the lower environment
--   with success, and has passed its tests, before the deployment starts.
-- guards: the start of the deployment
-- needs: deployments
-- reads: gate_limits, table_feeds, deployments, deployments_as_of,
--   production_deployments, evidence_as_of, pipeline_runs_as_of
-- limits:
--   lower_environment  staging  Environment to have passed
--   tests  integration_test;unit_test  Kinds of evidence that are tests

-- coverage.md, 5.3: "promotions without a passed lower environment": the last
-- completed deployment there of the same commit, or of the same release and
-- system, succeeded, and the last tests before the start passed. Tests are
-- evidence on the release or the deployment, and pipeline runs of the stage
-- `test` for the commit or the release. Rollbacks and cancelled attempts are
-- no promotions.

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
    select bool_or(is_fed) as has_tests
    from table_feeds
    where table_name in ('evidence', 'pipeline_runs')
),

-- A release whose rehearsal names no system may have rehearsed another one.
matched_rehearsals as (
    select
        promotions.deployment_id,
        rehearsals.deployment_id as rehearsal_id,
        rehearsals.result,
        rehearsals.finished_at,
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
        order by is_sure desc nulls last, finished_at desc nulls last,
            rehearsal_id, result
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
),

tested_subjects as (
    select
        deployment_id,
        begun_at,
        'release' as subject_type,
        release_id as subject_id
    from promotions
    union all
    select
        deployment_id,
        begun_at,
        'deployment' as subject_type,
        deployment_id as subject_id
    from promotions
    union all
    select
        deployment_id,
        begun_at,
        'commit' as subject_type,
        commit_sha as subject_id
    from promotions
),

last_tests as (
    select
        tested_subjects.deployment_id,
        tests.test_id,
        tests.is_passed
    from tested_subjects
    inner join tests
        on tested_subjects.subject_type = tests.subject_type
        and tested_subjects.subject_id = tests.subject_id
    where tests.tested_at < tested_subjects.begun_at
    qualify row_number() over (
        partition by tested_subjects.deployment_id
        order by tests.tested_at desc nulls last, tests.is_passed nulls last,
            tests.test_id, tests.subject_type
    ) = 1
),

standings as (
    select
        promotions.deployment_id,
        promotions.release_id,
        promotions.begun_at,
        last_rehearsals.rehearsal_id,
        last_rehearsals.result,
        last_rehearsals.finished_at,
        last_tests.test_id,
        promotions.release_id is not null
            or promotions.commit_sha is not null as has_subject,
        case
            when last_rehearsals.is_sure
                and last_rehearsals.result = 'success' then 'pass'
            when last_rehearsals.is_sure then 'fail'
            when last_rehearsals.result = 'success' then 'unknown'
            when promotions.release_id is null
                and promotions.commit_sha is null then 'unknown'
            else 'fail'
        end as rehearsal_verdict,
        case
            when last_tests.is_passed then 'pass'
            when last_tests.test_id is not null then 'fail'
            when promotions.release_id is null
                and promotions.commit_sha is null then 'unknown'
            when feeds.has_tests then 'fail'
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
        when test_verdict = 'unknown'
            then 'tests unknown: feed `evidence` or `pipeline_runs`'
        when test_id is not null then 'tests failed with ' || test_id
        else 'no tests before it started'
    end as reason,
    rehearsal_id as evidence_id,
    finished_at as evidence_at,
    begun_at as due_at
from standings
order by gate, subject_type, subject_id, release_id
