-- name: readiness
-- title: Readiness
-- group: packaging
-- about: Before a release ships, each kind of evidence is there, passed, fresh
--   and on its threshold, and its environment is available.
-- guards: shipping
-- needs: releases, evidence
-- reads: readiness_checks
-- limits:
--   kinds  unit_test;integration_test;coverage;rollback_rehearsal  Kinds that
--     a release must have
--   max_age_days  14  Age of evidence at shipping at most, in days

-- coverage.md, 3.3. One row per release and kind; what each rests on:
-- readiness_checks. The environment has a row where environment_windows is
-- fed: a company that keeps no such table is not held up for it.

with checks as (
    select
        release_id,
        evidence_kind,
        evidence_id,
        verdict,
        finding,
        checked_at,
        due_at
    from readiness_checks
    where verdict <> 'not_judged'
)

select
    'readiness' as gate,
    'evidence_kind' as subject_type,
    evidence_kind as subject_id,
    release_id,
    cast(null as string) as team,
    verdict,
    release_id || ': ' || finding as reason,
    evidence_id,
    checked_at as evidence_at,
    due_at
from checks
order by gate, subject_type, subject_id, release_id
