-- name: evidence_as_of
-- about: Evidence that had been taken by the as-of.
-- grain: one row per piece of evidence
-- key: evidence_id
-- reads: params, evidence
-- columns:
--   evidence_id   string     Evidence.
--   subject_type  string     item, release, system, ..., in lower case.
--   subject_id    string     What was checked.
--   kind          string     unit_test, coverage, ..., in lower case.
--   environment   string?    Where.
--   value         double?    What was measured.
--   threshold     double?    What it had to reach.
--   result        string     pass or fail.
--   evidence_url  string?    Its record.
--   checked_at    timestamp  When.

with instant as (
    select as_of
    from params
),

evidence_rows as (
    select
        evidence.evidence_id,
        lower(evidence.subject_type) as subject_type,
        evidence.subject_id,
        lower(evidence.kind) as kind,
        evidence.environment,
        evidence.value,
        evidence.threshold,
        evidence.result,
        evidence.evidence_url,
        evidence.checked_at
    from evidence
    inner join instant
        on evidence.checked_at <= instant.as_of
)

select
    evidence_id,
    subject_type,
    subject_id,
    kind,
    environment,
    value,
    threshold,
    result,
    evidence_url,
    checked_at
from evidence_rows
order by evidence_id
