-- name: risk_register
-- title: Risk register
-- group: risk
-- about: No risk of a release is open without mitigation, and none is as high
--   as the limit unless somebody accepted it and said why.
-- guards: shipping
-- needs: risks
-- reads: gate_limits, table_feeds, items_as_of, approvals_as_of,
--   decisions_as_of, risks_as_of, risk_releases
-- limits:
--   max_open_score  12  Score (likelihood × impact) from which a risk has to be
--     accepted
--   acceptance_kinds  risk_acceptance  Kinds of approval that accept it

-- coverage.md, 6.3: "open and unmitigated risks per release, those that
-- shipped". An acceptance is an approval of such a kind, or an approval or
-- exception that names this gate, on the item or the release of the risk, with
-- a rationale, dated before shipping. The last word counts: one of the same
-- kind on the same subject that is rejected or pending takes it back. Where no
-- source feeds approvals, or nobody knows when shipping began, whether it was
-- accepted in time is unknown. A risk that is closed passes; a status carries
-- no date, so when it was closed is not known. One that was raised once the
-- release had shipped is not asked about. A score that is unknown matters only
-- where it could reach the limit. A mitigation that is blank is none, whatever
-- the status.

with limits as (
    select max(number) as max_open_score
    from gate_limits
    where gate = 'risk_register' and limit_name = 'max_open_score'
),

acceptance_kinds as (
    select distinct lower(word) as kind
    from gate_limits
    where gate = 'risk_register' and limit_name = 'acceptance_kinds'
),

risk_rows as (
    select
        risk_id,
        item_id,
        score,
        least_score,
        most_score,
        mitigation,
        status
    from risks_as_of
),

feeds as (
    select is_fed as has_approvals
    from table_feeds
    where table_name = 'approvals'
),

places as (
    select
        risk_id,
        release_id,
        is_raised_after,
        ship_since_at,
        ship_due_at,
        shipped_at
    from risk_releases
),

teams as (
    select
        item_id,
        team
    from items_as_of
),

-- What accepts a risk, and what takes that back.
acceptance_words as (
    select
        approvals_as_of.approval_id as record_id,
        approvals_as_of.subject_type,
        approvals_as_of.subject_id,
        approvals_as_of.kind,
        approvals_as_of.decision = 'approved' as is_granted,
        case
            when approvals_as_of.decision = 'pending'
                then approvals_as_of.requested_at
            else approvals_as_of.decided_at
        end as decided_at
    from approvals_as_of
    left join acceptance_kinds
        on approvals_as_of.kind = acceptance_kinds.kind
    where (
        approvals_as_of.decision <> 'approved'
        or approvals_as_of.rationale is not null
    )
    and (
        acceptance_kinds.kind is not null
        or approvals_as_of.gate = 'risk_register'
    )
    union all
    select
        decision_id as record_id,
        case when item_id is not null then 'item' else 'release' end
            as subject_type,
        coalesce(item_id, release_id) as subject_id,
        kind,
        true as is_granted,
        decided_at
    from decisions_as_of
    where kind = 'exception' and gate = 'risk_register'
        and rationale is not null
),

subjects as (
    select
        risk_rows.risk_id,
        places.release_id,
        risk_rows.item_id,
        teams.team,
        risk_rows.score,
        risk_rows.least_score,
        risk_rows.most_score,
        risk_rows.mitigation,
        risk_rows.status,
        places.ship_since_at,
        places.ship_due_at,
        places.shipped_at
    from risk_rows
    left join places
        on risk_rows.risk_id = places.risk_id
    left join teams
        on risk_rows.item_id = teams.item_id
    where not coalesce(places.is_raised_after, false)
),

subject_words as (
    select
        subjects.risk_id,
        subjects.release_id,
        subjects.ship_since_at,
        subjects.ship_due_at,
        acceptance_words.record_id,
        acceptance_words.subject_type,
        acceptance_words.kind,
        acceptance_words.is_granted,
        acceptance_words.decided_at
    from subjects
    inner join acceptance_words
        on subjects.item_id = acceptance_words.subject_id
    where acceptance_words.subject_type = 'item'
    union all
    select
        subjects.risk_id,
        subjects.release_id,
        subjects.ship_since_at,
        subjects.ship_due_at,
        acceptance_words.record_id,
        acceptance_words.subject_type,
        acceptance_words.kind,
        acceptance_words.is_granted,
        acceptance_words.decided_at
    from subjects
    inner join acceptance_words
        on subjects.release_id = acceptance_words.subject_id
    where acceptance_words.subject_type = 'release'
),

-- A refusal that came with an acceptance or after it, and before shipping,
-- takes it back.
answered_words as (
    select
        risk_id,
        release_id,
        ship_since_at,
        ship_due_at,
        record_id,
        is_granted,
        decided_at,
        max(
            case
                when not is_granted
                    and not coalesce(decided_at >= ship_due_at, false)
                    then decided_at
            end
        ) over acceptances_of_a_kind as refused_at,
        max(case when not is_granted and decided_at is null then 1 else 0 end)
            over acceptances_of_a_kind as undated_refusals
    from subject_words
    window acceptances_of_a_kind as (
        partition by risk_id, release_id, subject_type, kind
    )
),

judged_acceptances as (
    select
        risk_id,
        release_id,
        record_id,
        decided_at,
        case
            when decided_at is null then 'undated'
            when decided_at >= ship_due_at then 'late'
            when decided_at <= refused_at then 'taken_back'
            when undated_refusals > 0 then 'unclear'
            when release_id is null or decided_at < ship_since_at
                then 'in_time'
            else 'unclear'
        end as standing
    from answered_words
    where is_granted
),

best_acceptances as (
    select
        risk_id,
        release_id,
        record_id,
        decided_at,
        standing
    from judged_acceptances
    qualify row_number() over (
        partition by risk_id, release_id
        order by
            case standing
                when 'in_time' then 0
                when 'unclear' then 1
                when 'undated' then 2
                when 'taken_back' then 3
                else 4
            end,
            decided_at nulls last,
            record_id
    ) = 1
),

standings as (
    select
        subjects.risk_id,
        subjects.release_id,
        subjects.team,
        subjects.score,
        subjects.status,
        subjects.ship_due_at,
        subjects.shipped_at,
        best_acceptances.record_id,
        best_acceptances.decided_at,
        best_acceptances.standing,
        case
            when subjects.status = 'closed' then 'closed'
            when subjects.status in ('open', 'mitigating')
                and subjects.mitigation is null
                then 'unmitigated'
            when subjects.most_score < limits.max_open_score then 'low'
            when best_acceptances.standing = 'in_time' then 'accepted'
            when best_acceptances.standing = 'undated' then 'undated'
            when best_acceptances.standing = 'unclear' then 'unclear'
            when best_acceptances.standing is null and not feeds.has_approvals
                then 'unfed'
            when subjects.least_score >= limits.max_open_score then 'high'
            else 'unscored'
        end as place
    from subjects
    cross join limits
    cross join feeds
    left join best_acceptances
        on subjects.risk_id = best_acceptances.risk_id
        and subjects.release_id is not distinct from
            best_acceptances.release_id
)

select
    'risk_register' as gate,
    'risk' as subject_type,
    risk_id as subject_id,
    release_id,
    team,
    case
        when place in ('closed', 'low', 'accepted') then 'pass'
        when place in ('undated', 'unclear', 'unfed', 'unscored')
            then 'unknown'
        else 'fail'
    end as verdict,
    risk_id || ': ' || status || case
        when score is null then ', score unknown'
        else ', score ' || cast(score as string)
    end || case place
        when 'unmitigated' then ', and nothing mitigates it'
        when 'accepted' then ', with a rationale on record'
        when 'undated' then ', and its acceptance has no date'
        when 'unclear'
            then ', and whether it was accepted before shipping is unknown'
        when 'unfed' then ', no data: feed `approvals`'
        when 'unscored' then ', and nobody accepted it'
        when 'high' then
            case standing
                when 'late' then ', and accepted after shipping only'
                when 'taken_back' then ', and its acceptance was taken back'
                else ', and nobody accepted it with a rationale'
            end
        else ''
    end || case
        when shipped_at is not null
            and place in (
                'unmitigated', 'high', 'undated', 'unclear', 'unfed', 'unscored'
            )
            then '; it shipped'
        else ''
    end as reason,
    case when place not in ('closed', 'low', 'unmitigated') then record_id end
        as evidence_id,
    case when place not in ('closed', 'low', 'unmitigated') then decided_at end
        as evidence_at,
    ship_due_at as due_at
from standings
order by gate, subject_type, subject_id, release_id
