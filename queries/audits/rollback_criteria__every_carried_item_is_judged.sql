-- name: rollback_criteria__every_carried_item_is_judged
-- about: Every item of a release that may ship and every release with a
--   completed production deployment has a row, and an item passes with both
--   texts alone.
-- grain: one row per subject that breaks the claim
-- key: subject_type, subject_id, release_id
-- reads: release_moments, release_scope, success_rate, rollback_criteria
-- columns:
--   subject_type  string  item or release.
--   subject_id    string  Item or release.
--   release_id    string  Release.

with live_releases as (
    select release_id
    from release_moments
    where not is_called_off
),

expected as (
    select
        'item' as subject_type,
        release_scope.item_id as subject_id,
        release_scope.release_id,
        release_scope.rollback_criteria is not null
        and release_scope.failure_threshold is not null as may_pass
    from release_scope
    union all
    select distinct
        'release' as subject_type,
        success_rate.release_id as subject_id,
        success_rate.release_id,
        true as may_pass
    from success_rate
    where success_rate.release_id is not null
),

broken as (
    select
        expected.subject_type,
        expected.subject_id,
        expected.release_id
    from expected
    inner join live_releases
        on expected.release_id = live_releases.release_id
    left join rollback_criteria
        on expected.subject_type = rollback_criteria.subject_type
        and expected.subject_id = rollback_criteria.subject_id
        and expected.release_id = rollback_criteria.release_id
    where
        rollback_criteria.verdict is null
        or (rollback_criteria.verdict = 'pass' and not expected.may_pass)
)

select
    subject_type,
    subject_id,
    release_id
from broken
order by subject_type, subject_id, release_id
