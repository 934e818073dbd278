-- name: security_tests
-- title: Security tests
-- group: risk
-- about: Every item that touches authentication, data or third parties has
--   passed a security test before the release ships.
-- guards: shipping
-- needs: items, evidence
-- reads: gate_limits, release_moments, release_scope, item_touches,
--   evidence_as_of
-- limits:
--   touches  authentication;data_access;third_party  What an item touches that
--     needs one
--   kinds  security_scan;penetration_test  Kinds of evidence that are one

-- coverage.md, 6.4: "items touching authentication, data or third parties
-- without one". A test of the item counts, and one of its release, as both
-- have tried what ships. Of each kind the last one before shipping counts; all
-- of these have passed. Where nobody knows when shipping began, a test that
-- passed before its end may have come too late: unknown. An item that touches
-- nothing by name touches none of it, exports have no other way to say so;
-- where no item of the feed names anything, nobody knows.

with touch_words as (
    select distinct lower(word) as touch
    from gate_limits
    where gate = 'security_tests' and limit_name = 'touches'
),

kinds as (
    select distinct lower(word) as kind
    from gate_limits
    where gate = 'security_tests' and limit_name = 'kinds'
),

moments as (
    select
        release_id,
        ship_since_at,
        ship_due_at
    from release_moments
),

scope as (
    select
        release_id,
        item_id,
        team
    from release_scope
),

touches as (
    select
        item_id,
        touch
    from item_touches
),

feed as (
    select count(*) > 0 as has_touches
    from touches
),

touched_items as (
    select
        touches.item_id,
        min(touches.touch) as first_touch,
        count(*) as touch_count
    from touches
    inner join touch_words
        on touches.touch = touch_words.touch
    group by touches.item_id
),

subjects as (
    select
        scope.release_id,
        scope.item_id,
        scope.team,
        touched_items.first_touch,
        touched_items.touch_count,
        moments.ship_since_at,
        moments.ship_due_at
    from scope
    inner join moments
        on scope.release_id = moments.release_id
    cross join feed
    left join touched_items
        on scope.item_id = touched_items.item_id
    where touched_items.item_id is not null or not feed.has_touches
),

tests as (
    select
        evidence_as_of.evidence_id,
        evidence_as_of.subject_type,
        evidence_as_of.subject_id,
        evidence_as_of.kind,
        evidence_as_of.result,
        evidence_as_of.checked_at
    from evidence_as_of
    inner join kinds
        on evidence_as_of.kind = kinds.kind
    where evidence_as_of.subject_type in ('item', 'release')
),

subject_tests as (
    select
        subjects.release_id,
        subjects.item_id,
        subjects.ship_since_at,
        subjects.ship_due_at,
        tests.evidence_id,
        tests.kind,
        tests.result,
        tests.checked_at
    from subjects
    inner join tests
        on subjects.item_id = tests.subject_id
    where tests.subject_type = 'item'
    union all
    select
        subjects.release_id,
        subjects.item_id,
        subjects.ship_since_at,
        subjects.ship_due_at,
        tests.evidence_id,
        tests.kind,
        tests.result,
        tests.checked_at
    from subjects
    inner join tests
        on subjects.release_id = tests.subject_id
    where tests.subject_type = 'release'
),

timed_tests as (
    select
        release_id,
        item_id,
        evidence_id,
        kind,
        result,
        checked_at,
        not coalesce(checked_at >= ship_due_at, false) as is_in_time,
        coalesce(checked_at < ship_since_at, false) as is_surely_in_time
    from subject_tests
),

last_tests as (
    select
        release_id,
        item_id,
        evidence_id,
        kind,
        result,
        checked_at,
        is_in_time,
        is_surely_in_time
    from timed_tests
    qualify row_number() over (
        partition by release_id, item_id, kind, is_in_time
        order by
            case
                when is_in_time and not is_surely_in_time and result = 'pass'
                    then 0
                else 1
            end,
            checked_at desc nulls last,
            result,
            evidence_id
    ) = 1
),

deciding_tests as (
    select
        release_id,
        item_id,
        evidence_id,
        kind,
        checked_at,
        case
            when is_in_time and result = 'fail' then 'failed'
            when is_surely_in_time then 'passed'
            when is_in_time then 'unclear'
            else 'late'
        end as standing
    from last_tests
    qualify row_number() over (
        partition by release_id, item_id
        order by
            case
                when is_in_time and result = 'fail' then 0
                when is_in_time then 1
                else 2
            end,
            checked_at desc nulls last,
            evidence_id
    ) = 1
)

select
    'security_tests' as gate,
    'item' as subject_type,
    subjects.item_id as subject_id,
    subjects.release_id,
    subjects.team,
    case
        when deciding_tests.standing = 'passed' then 'pass'
        when subjects.first_touch is null
            or deciding_tests.standing = 'unclear' then 'unknown'
        else 'fail'
    end as verdict,
    subjects.item_id || ': ' || case
        when subjects.first_touch is null
            then 'no item of the feed says what it touches'
        when subjects.touch_count > 1
            then 'touches ' || subjects.first_touch || ' and '
            || cast(subjects.touch_count - 1 as string) || ' more'
        else 'touches ' || subjects.first_touch
    end || case
        when deciding_tests.standing = 'passed'
            then '; passed a ' || deciding_tests.kind || ', '
            || deciding_tests.evidence_id
        when deciding_tests.standing = 'failed'
            then '; failed a ' || deciding_tests.kind || ', '
            || deciding_tests.evidence_id
        when deciding_tests.standing = 'unclear'
            then '; passed a ' || deciding_tests.kind || ', '
            || deciding_tests.evidence_id
            || ', whether before shipping is unknown'
        when deciding_tests.standing = 'late'
            then '; tested after shipping only'
        else '; no security test'
    end as reason,
    deciding_tests.evidence_id,
    deciding_tests.checked_at as evidence_at,
    subjects.ship_due_at as due_at
from subjects
left join deciding_tests
    on subjects.release_id = deciding_tests.release_id
    and subjects.item_id = deciding_tests.item_id
order by gate, subject_type, subject_id, release_id
