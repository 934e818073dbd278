-- name: regulatory_signoff
-- title: Regulatory sign-off
-- group: risk
-- about: Every item in the scope of a regulation has the sign-offs that the
--   regulation asks for before the release ships.
-- guards: shipping
-- needs: items, approvals
-- reads: gate_limits, release_moments, release_scope, item_regulations,
--   approvals_as_of
-- limits:
--   gdpr_kinds  legal  Sign-offs for GDPR
--   hipaa_kinds  legal;audit  Sign-offs for HIPAA
--   sox_kinds  audit  Sign-offs for SOX
--   other_kinds  legal  Sign-offs for any other regulation

-- coverage.md, 6.2: "regulated items without legal or audit sign-off before
-- deployment". The latest decision of a kind before shipping counts. An item
-- that names no regulation is in the scope of none: exports have no other way
-- to say so; where no item of the feed names one, nobody knows.

with recursive kinds as (
    select distinct
        upper(split_part(limit_name, '_', 1)) as regulation,
        lower(word) as kind
    from gate_limits
    where gate = 'regulatory_signoff'
),

scope as (
    select
        release_id,
        item_id,
        team
    from release_scope
),

moments as (
    select
        release_id,
        ship_due_at
    from release_moments
),

regulations as (
    select
        item_id,
        regulation
    from item_regulations
),

feed as (
    select count(*) > 0 as has_regulations
    from regulations
),

named_regulations as (
    select distinct regulation
    from kinds
    where regulation <> 'OTHER'
),

demands as (
    select
        scope.release_id,
        scope.item_id,
        scope.team,
        regulations.regulation,
        kinds.kind,
        moments.ship_due_at
    from scope
    inner join moments
        on scope.release_id = moments.release_id
    inner join regulations
        on scope.item_id = regulations.item_id
    left join named_regulations
        on regulations.regulation = named_regulations.regulation
    inner join kinds
        on coalesce(named_regulations.regulation, 'OTHER') = kinds.regulation
),

signoffs as (
    select
        approval_id,
        subject_id as item_id,
        kind,
        decision,
        decided_at
    from approvals_as_of
    where subject_type = 'item'
),

timed_signoffs as (
    select
        demands.release_id,
        demands.item_id,
        demands.regulation,
        demands.kind,
        signoffs.approval_id,
        signoffs.decision,
        signoffs.decided_at,
        case
            when signoffs.decision = 'pending' then 'pending'
            when signoffs.decided_at is null then 'undated'
            when signoffs.decided_at >= demands.ship_due_at then 'late'
            else 'in_time'
        end as standing
    from demands
    inner join signoffs
        on demands.item_id = signoffs.item_id
        and demands.kind = signoffs.kind
),

best_signoffs as (
    select
        release_id,
        item_id,
        regulation,
        kind,
        approval_id,
        decision,
        decided_at,
        standing
    from timed_signoffs
    qualify row_number() over (
        partition by release_id, item_id, regulation, kind
        order by
            case standing
                when 'in_time' then 0
                when 'undated' then 1
                when 'late' then 2
                else 3
            end,
            case when standing = 'in_time' then decided_at end
                desc nulls last,
            decided_at nulls last,
            approval_id
    ) = 1
),

judged_demands as (
    select
        demands.release_id,
        demands.item_id,
        demands.team,
        demands.regulation,
        demands.kind,
        demands.ship_due_at,
        best_signoffs.approval_id,
        best_signoffs.decided_at,
        case
            when best_signoffs.standing = 'in_time'
                and best_signoffs.decision = 'approved' then 0
            when best_signoffs.standing = 'undated' then 1
            else 2
        end as badness,
        demands.regulation || ' ' || case
            when best_signoffs.standing is null
                then 'without ' || demands.kind || ' sign-off'
            when best_signoffs.standing = 'pending'
                then demands.kind || ' sign-off pending'
            when best_signoffs.standing = 'undated'
                then demands.kind || ' sign-off without a date'
            when best_signoffs.standing = 'late'
                then demands.kind || ' sign-off after shipping only'
            when best_signoffs.decision = 'rejected'
                then demands.kind || ' sign-off rejected'
            else demands.kind || ' signed off'
        end as words
    from demands
    left join best_signoffs
        on demands.release_id = best_signoffs.release_id
        and demands.item_id = best_signoffs.item_id
        and demands.regulation = best_signoffs.regulation
        and demands.kind = best_signoffs.kind
),

numbered_demands as (
    select
        release_id,
        item_id,
        team,
        ship_due_at,
        approval_id,
        decided_at,
        badness,
        words,
        cast(row_number() over (
            partition by release_id, item_id
            order by badness desc nulls last, regulation, kind
        ) as bigint) as place,
        max(badness) over (partition by release_id, item_id) as worst
    from judged_demands
),

-- Every sentence on an item, the worst first, one behind the other.
sentences (release_id, item_id, place, words) as (
    select
        release_id,
        item_id,
        place,
        words
    from numbered_demands
    where place = 1
    union all
    select
        numbered_demands.release_id,
        numbered_demands.item_id,
        numbered_demands.place,
        sentences.words || '; ' || numbered_demands.words
    from sentences
    inner join numbered_demands
        on sentences.release_id = numbered_demands.release_id
        and sentences.item_id = numbered_demands.item_id
        and numbered_demands.place = sentences.place + 1
    where numbered_demands.badness > 0 or numbered_demands.worst = 0
),

whole_sentences as (
    select
        release_id,
        item_id,
        words
    from sentences
    qualify row_number() over (
        partition by release_id, item_id
        order by place desc
    ) = 1
),

judged_items as (
    select
        numbered_demands.release_id,
        numbered_demands.item_id,
        numbered_demands.team,
        case numbered_demands.worst
            when 0 then 'pass'
            when 1 then 'unknown'
            else 'fail'
        end as verdict,
        whole_sentences.words,
        numbered_demands.approval_id,
        numbered_demands.decided_at,
        numbered_demands.ship_due_at
    from numbered_demands
    inner join whole_sentences
        on numbered_demands.release_id = whole_sentences.release_id
        and numbered_demands.item_id = whole_sentences.item_id
    where numbered_demands.place = 1
    union all
    select
        scope.release_id,
        scope.item_id,
        scope.team,
        'unknown' as verdict,
        'no item of the feed names a regulation' as words,
        cast(null as string) as approval_id,
        cast(null as timestamp) as decided_at,
        moments.ship_due_at
    from scope
    inner join moments
        on scope.release_id = moments.release_id
    cross join feed
    where not feed.has_regulations
)

select
    'regulatory_signoff' as gate,
    'item' as subject_type,
    item_id as subject_id,
    release_id,
    team,
    verdict,
    item_id || ': ' || words as reason,
    approval_id as evidence_id,
    decided_at as evidence_at,
    ship_due_at as due_at
from judged_items
order by gate, subject_type, subject_id, release_id
