-- name: risk_register
-- title: Risk register
-- group: risk
-- about: No risk of a release is open without mitigation, and none is as high
--   as the limit unless somebody accepted it and said why.
-- guards: shipping
-- needs: risks
-- reads: gate_limits, items_as_of, approvals_as_of, decisions_as_of,
--   risks_as_of, risk_releases
-- limits:
--   max_open_score  12  Score (likelihood × impact) from which a risk has to be
--     accepted
--   acceptance_kinds  risk_acceptance  Kinds of approval that accept it

-- coverage.md, 6.3: "open and unmitigated risks per release, those that
-- shipped". An acceptance is an approval of such a kind, or an approval or
-- exception that names this gate, on the item or the release of the risk, with
-- a rationale, dated before shipping. A risk that is closed passes; a status
-- carries no date, so when it was closed is not known. A score that is unknown
-- matters only where it could reach the limit.

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

places as (
    select
        risk_id,
        release_id,
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

acceptances as (
    select
        approvals_as_of.approval_id as record_id,
        approvals_as_of.subject_type,
        approvals_as_of.subject_id,
        approvals_as_of.decided_at
    from approvals_as_of
    left join acceptance_kinds
        on approvals_as_of.kind = acceptance_kinds.kind
    where approvals_as_of.decision = 'approved'
        and approvals_as_of.rationale is not null
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
        places.ship_due_at,
        places.shipped_at
    from risk_rows
    left join places
        on risk_rows.risk_id = places.risk_id
    left join teams
        on risk_rows.item_id = teams.item_id
),

accepted_subjects as (
    select
        subjects.risk_id,
        subjects.release_id,
        subjects.ship_due_at,
        acceptances.record_id,
        acceptances.decided_at
    from subjects
    inner join acceptances
        on subjects.item_id = acceptances.subject_id
    where acceptances.subject_type = 'item'
    union all
    select
        subjects.risk_id,
        subjects.release_id,
        subjects.ship_due_at,
        acceptances.record_id,
        acceptances.decided_at
    from subjects
    inner join acceptances
        on subjects.release_id = acceptances.subject_id
    where acceptances.subject_type = 'release'
),

best_acceptances as (
    select
        risk_id,
        release_id,
        record_id,
        decided_at,
        case
            when decided_at is null then 'undated'
            when decided_at >= ship_due_at then 'late'
            else 'in_time'
        end as standing
    from accepted_subjects
    qualify row_number() over (
        partition by risk_id, release_id
        order by decided_at nulls last, record_id
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
            when subjects.status = 'open' and subjects.mitigation is null
                then 'unmitigated'
            when subjects.most_score < limits.max_open_score then 'low'
            when best_acceptances.standing = 'in_time' then 'accepted'
            when best_acceptances.standing = 'undated' then 'undated'
            when subjects.least_score >= limits.max_open_score then 'high'
            else 'unscored'
        end as place
    from subjects
    cross join limits
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
        when place in ('undated', 'unscored') then 'unknown'
        else 'fail'
    end as verdict,
    risk_id || ': ' || status || case
        when score is null then ', score unknown'
        else ', score ' || cast(score as string)
    end || case place
        when 'unmitigated' then ', and nothing mitigates it'
        when 'accepted' then ', with a rationale on record'
        when 'undated' then ', and its acceptance has no date'
        when 'unscored' then ', and nobody accepted it'
        when 'high' then
            case standing
                when 'late' then ', and accepted after shipping only'
                else ', and nobody accepted it with a rationale'
            end
        else ''
    end || case
        when shipped_at is not null
            and place in ('unmitigated', 'high', 'undated', 'unscored')
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
