-- name: release_readiness
-- about: What each release must have to be ready, each with its age, and in
--   one sentence whether it may go.
-- grain: one row per release and kind of evidence
-- key: release_id, evidence_kind
-- reads: gates, gate_results, readiness_checks
-- columns:
--   release_id       string      Release.
--   evidence_kind    string      unit_test, coverage, ..., or environment.
--   evidence_id      string?     The latest before shipping, else the first
--                                after.
--   environment      string?     Where it was taken; of the kind environment,
--                                the one that is out.
--   result           string?     pass or fail.
--   verdict          string      pass, fail, waived, unknown, or not_judged.
--   finding          string      Why, without the release's name.
--   evidence_url     string?     Its record.
--   waiver_id        string?     The waiver that holds, or the one that does
--                                not.
--   release_verdict  string      go or no_go: of the whole release.
--   sentence         string      Go or no-go, and why: of the whole release.
--   value            double?     What was measured.
--   threshold        double?     What it had to reach.
--   age_days         double?     Its age at shipping; of a release that nobody
--                                knows the date of, at the as-of.
--   checked_at       timestamp?  When it was taken; the start of an outage.
--   due_at           timestamp?  Shipping; before that, when it is due.

-- coverage.md, 3.3: "each with its age; one sentence: go or no-go, and why".
-- By the gate readiness alone, waivers applied; release_verdicts has the word
-- of all gates. Where that gate is off, the checks still stand here.

with gate_row as (
    select max(missing_words) as missing_words
    from gates
    where gate = 'readiness'
),

results as (
    select
        release_id,
        subject_id as evidence_kind,
        verdict,
        waiver_id
    from gate_results
    where gate = 'readiness' and subject_type = 'evidence_kind'
),

checks as (
    select
        readiness_checks.release_id,
        readiness_checks.evidence_kind,
        readiness_checks.evidence_id,
        readiness_checks.environment,
        readiness_checks.result,
        case
            when readiness_checks.verdict = 'not_judged' then 'not_judged'
            when gate_row.missing_words is not null then 'unknown'
            else coalesce(results.verdict, readiness_checks.verdict)
        end as verdict,
        case
            when readiness_checks.verdict = 'not_judged'
                then readiness_checks.finding
            else coalesce(gate_row.missing_words, readiness_checks.finding)
        end as finding,
        readiness_checks.evidence_url,
        results.waiver_id,
        readiness_checks.value,
        readiness_checks.threshold,
        readiness_checks.age_days,
        readiness_checks.checked_at,
        readiness_checks.due_at
    from readiness_checks
    cross join gate_row
    left join results
        on readiness_checks.release_id = results.release_id
        and readiness_checks.evidence_kind = results.evidence_kind
),

worst_checks as (
    select
        release_id,
        finding
    from checks
    qualify row_number() over (
        partition by release_id
        order by
            case verdict
                when 'fail' then 0
                when 'unknown' then 1
                when 'waived' then 2
                when 'pass' then 3
                else 4
            end,
            evidence_kind
    ) = 1
),

counts as (
    select
        release_id,
        count(*) filter (where verdict in ('fail', 'unknown')) as open_count,
        count(*) filter (where verdict = 'waived') as waived_count,
        count(*) filter (where verdict = 'pass') as pass_count,
        count(*) filter (where verdict <> 'not_judged') as check_count
    from checks
    group by release_id
),

sentences as (
    select
        counts.release_id,
        case when counts.open_count > 0 then 'no_go' else 'go' end
            as release_verdict,
        case
            when counts.open_count > 1 then
                'No-go: ' || worst_checks.finding || ', and '
                || cast(counts.open_count - 1 as string) || ' more.'
            when counts.open_count = 1
                then 'No-go: ' || worst_checks.finding || '.'
            else
                'Go: ' || cast(counts.pass_count as string) || ' of '
                || cast(counts.check_count as string) || ' passed'
                || case
                    when counts.waived_count > 0 then
                        ', ' || cast(counts.waived_count as string)
                        || ' waived: ' || worst_checks.finding
                    else ''
                end || '.'
        end as sentence
    from counts
    inner join worst_checks
        on counts.release_id = worst_checks.release_id
)

select
    checks.release_id,
    checks.evidence_kind,
    checks.evidence_id,
    checks.environment,
    checks.result,
    checks.verdict,
    checks.finding,
    checks.evidence_url,
    checks.waiver_id,
    sentences.release_verdict,
    sentences.sentence,
    checks.value,
    checks.threshold,
    checks.age_days,
    checks.checked_at,
    checks.due_at
from checks
inner join sentences
    on checks.release_id = sentences.release_id
order by release_id, evidence_kind
