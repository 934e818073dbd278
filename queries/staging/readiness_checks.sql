-- name: readiness_checks
-- about: What each release must have to be ready, and what it had.
-- grain: one row per release and kind of evidence
-- key: release_id, evidence_kind
-- reads: params, table_feeds, gate_limits, production_environments,
--   environment_windows, release_moments, deployments_as_of, evidence_as_of
-- columns:
--   release_id     string      Release.
--   evidence_kind  string      unit_test, coverage, ..., or environment.
--   evidence_id    string?     The latest before shipping, else the first one
--                              after it.
--   environment    string?     Where it was taken; of the kind environment, the
--                              one that is out.
--   result         string?     pass or fail.
--   verdict        string      pass, fail, unknown, or not_judged where no
--                              source feeds what it would rest on.
--   finding        string      Why, without the release's name.
--   evidence_url   string?     Its record.
--   value          double?     What was measured.
--   threshold      double?     What it had to reach.
--   age_days       double?     Its age at shipping; of a release that nobody
--                              knows the date of, at the as-of.
--   checked_at     timestamp?  When it was taken; the start of an outage.
--   due_at         timestamp?  Shipping; before that, when it is due.

-- coverage.md, 3.3: "test, coverage, rollback rehearsal, environment: each
-- with its age". Evidence is about the release itself. The latest before
-- shipping is the last word; of several at one instant, the worst. Where nobody
-- knows when shipping began, what passed before its end may have come too late:
-- unknown. Where it
-- has a threshold, its value reaches it: higher is better. The environment is
-- available when none that the release goes to is out at the moment of
-- shipping; it goes to those of its production deployments, before that to
-- all production environments. Windows are taken as they stand, those ahead
-- too. A release that was called off before it shipped has no row.

with instant as (
    select as_of
    from params
),

feeds as (
    select
        count(*) filter (where table_name = 'environment_windows' and is_fed)
            > 0 as has_windows
    from table_feeds
),

kinds as (
    select distinct lower(word) as evidence_kind
    from gate_limits
    where gate = 'readiness' and limit_name = 'kinds' and word is not null
),

age_limits as (
    select
        max(number) as max_age_days,
        regexp_replace(cast(max(number) as string), '[.]0$', '')
            as age_limit_words
    from gate_limits
    where gate = 'readiness' and limit_name = 'max_age_days'
),

moments as (
    select
        release_id,
        ship_since_at as since_at,
        ship_due_at as due_at
    from release_moments
    where not is_called_off
),

evidence_rows as (
    select
        evidence_id,
        subject_id as release_id,
        kind as evidence_kind,
        environment,
        value,
        threshold,
        result,
        evidence_url,
        checked_at
    from evidence_as_of
    where subject_type = 'release'
),

timed_evidence as (
    select
        moments.release_id,
        evidence_rows.evidence_kind,
        evidence_rows.evidence_id,
        evidence_rows.environment,
        evidence_rows.result,
        evidence_rows.evidence_url,
        evidence_rows.value,
        evidence_rows.threshold,
        evidence_rows.checked_at,
        coalesce(evidence_rows.checked_at >= moments.due_at, false) as is_late,
        coalesce(evidence_rows.checked_at < moments.since_at, false)
            as is_surely_in_time
    from moments
    inner join evidence_rows
        on moments.release_id = evidence_rows.release_id
),

best_evidence as (
    select
        release_id,
        evidence_kind,
        evidence_id,
        environment,
        result,
        evidence_url,
        value,
        threshold,
        checked_at,
        is_late,
        is_surely_in_time
    from timed_evidence
    qualify row_number() over (
        partition by release_id, evidence_kind
        order by
            case
                when is_late then 2
                when is_surely_in_time or result = 'pass' then 0
                else 1
            end,
            case when not is_late then checked_at end desc nulls last,
            checked_at,
            result,
            value - threshold nulls last,
            evidence_id
    ) = 1
),

required_evidence as (
    select
        moments.release_id,
        kinds.evidence_kind,
        best_evidence.evidence_id,
        best_evidence.environment,
        best_evidence.result,
        best_evidence.evidence_url,
        best_evidence.value,
        best_evidence.threshold,
        best_evidence.checked_at,
        moments.due_at,
        seconds_between(
            best_evidence.checked_at, coalesce(moments.due_at, instant.as_of)
        ) / 86400e0 as age_days,
        age_limits.max_age_days,
        age_limits.age_limit_words,
        best_evidence.is_late,
        best_evidence.is_surely_in_time
    from moments
    cross join kinds
    cross join age_limits
    cross join instant
    left join best_evidence
        on moments.release_id = best_evidence.release_id
        and kinds.evidence_kind = best_evidence.evidence_kind
),

evidence_states as (
    select
        release_id,
        evidence_kind,
        evidence_id,
        environment,
        result,
        evidence_url,
        value,
        threshold,
        checked_at,
        due_at,
        age_days,
        age_limit_words,
        case
            when evidence_id is null then 'missing'
            when is_late then 'late'
            when result = 'fail' then 'failed'
            when value < threshold then 'below'
            when age_days > max_age_days then 'stale'
            when threshold is not null and value is null then 'unmeasured'
            when due_at is null then 'undated'
            when not is_surely_in_time then 'unclear'
            else 'good'
        end as state,
        regexp_replace(
            cast(
                case
                    when age_days > max_age_days
                        then ceil(age_days * 1e1) / 1e1
                    else round(age_days, 1)
                end as string
            ),
            '[.]0$',
            ''
        ) as age_words,
        regexp_replace(cast(value as string), '[.]0$', '') as value_words,
        regexp_replace(cast(threshold as string), '[.]0$', '')
            as threshold_words
    from required_evidence
),

evidence_checks as (
    select
        release_id,
        evidence_kind,
        evidence_id,
        environment,
        result,
        case
            when state = 'good' then 'pass'
            when state in ('unmeasured', 'undated', 'unclear') then 'unknown'
            else 'fail'
        end as verdict,
        case state
            when 'missing' then 'no ' || evidence_kind
            when 'late' then 'no ' || evidence_kind || ' before shipping'
            when 'failed' then evidence_kind || ' failed'
            when 'below' then
                evidence_kind || ' at ' || value_words || ', threshold '
                || threshold_words
            when 'stale' then
                evidence_kind || ' ' || age_words || ' days old, limit '
                || age_limit_words
            when 'unmeasured' then
                evidence_kind || ' without a value, threshold '
                || threshold_words
            when 'undated' then
                evidence_kind || ' ' || age_words
                || ' days old now, shipping date unknown'
            when 'unclear' then
                evidence_kind || ' passed, whether before shipping is unknown'
            else evidence_kind || ' passed, ' || age_words || ' days old'
        end as finding,
        evidence_url,
        value,
        threshold,
        age_days,
        checked_at,
        due_at
    from evidence_states
),

deployed_environments as (
    select distinct
        release_id,
        environment
    from deployments_as_of
    where is_production and release_id is not null
),

environments as (
    select distinct environment
    from production_environments
),

release_environments as (
    select
        release_id,
        environment
    from deployed_environments
    union
    select
        moments.release_id,
        environments.environment
    from moments
    cross join environments
    where moments.release_id not in (
        select deployed_environments.release_id
        from deployed_environments
    )
),

outages as (
    select
        environment,
        starts_at,
        ends_at
    from environment_windows
    where kind = 'outage'
),

-- Where the moment is not known, an outage that is not over may cover it.
release_outages as (
    select
        moments.release_id,
        outages.environment,
        outages.starts_at
    from moments
    cross join instant
    inner join release_environments
        on moments.release_id = release_environments.release_id
    inner join outages
        on release_environments.environment = outages.environment
    where outages.ends_at > coalesce(moments.due_at, instant.as_of)
        and (moments.due_at is null or outages.starts_at <= moments.due_at)
    qualify row_number() over (
        partition by moments.release_id
        order by outages.starts_at, outages.environment, outages.ends_at
    ) = 1
),

environment_checks as (
    select
        moments.release_id,
        'environment' as evidence_kind,
        release_outages.environment,
        case
            when not feeds.has_windows then 'not_judged'
            when release_outages.release_id is null then 'pass'
            when moments.due_at is null then 'unknown'
            else 'fail'
        end as verdict,
        case
            when not feeds.has_windows
                then 'no data: feed `environment_windows`'
            when release_outages.release_id is null then 'environment available'
            when moments.due_at is null then
                'environment ' || release_outages.environment
                || ' has an outage ahead, shipping date unknown'
            else
                'environment ' || release_outages.environment
                || ' out at shipping'
        end as finding,
        release_outages.starts_at,
        moments.due_at
    from moments
    cross join feeds
    left join release_outages
        on moments.release_id = release_outages.release_id
),

all_checks as (
    select
        release_id,
        evidence_kind,
        evidence_id,
        environment,
        result,
        verdict,
        finding,
        evidence_url,
        value,
        threshold,
        age_days,
        checked_at,
        due_at
    from evidence_checks
    where evidence_kind <> 'environment'
    union all
    select
        release_id,
        evidence_kind,
        cast(null as string) as evidence_id,
        environment,
        cast(null as string) as result,
        verdict,
        finding,
        cast(null as string) as evidence_url,
        cast(null as double) as value,
        cast(null as double) as threshold,
        cast(null as double) as age_days,
        starts_at as checked_at,
        due_at
    from environment_checks
)

select
    release_id,
    evidence_kind,
    evidence_id,
    environment,
    result,
    verdict,
    finding,
    evidence_url,
    value,
    threshold,
    age_days,
    checked_at,
    due_at
from all_checks
order by release_id, evidence_kind
