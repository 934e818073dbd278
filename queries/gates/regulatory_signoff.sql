-- name: regulatory_signoff
-- title: Regulatory sign-off
-- group: risk
-- about: Every regulated item has, before its release ships, the sign-offs
--   that its regulations ask for; one check an item.
-- guards: shipping
-- needs: items, approvals
-- reads: release_moments, release_scope, item_regulations, regulatory_demands
-- limits:
--   gdpr_kinds  legal  Sign-offs for GDPR
--   hipaa_kinds  legal;audit  Sign-offs for HIPAA
--   sox_kinds  audit  Sign-offs for SOX
--   other_kinds  legal  Sign-offs for any other regulation

-- coverage.md, 6.2: "regulated items without legal or audit sign-off before
-- deployment". An item is judged once for all of its regulations;
-- regulatory_demands has each, regulation_signoffs the verdict of each. An item
-- that names no regulation is in the scope of none: exports have no other way
-- to say so; where no item of the feed names one, nobody knows.

with recursive scope as (
    select
        release_id,
        item_id,
        team
    from release_scope
),

moments as (
    select
        release_id,
        ship_since_at,
        ship_due_at
    from release_moments
),

feed as (
    select count(*) > 0 as has_regulations
    from item_regulations
),

judged_demands as (
    select
        release_id,
        item_id,
        team,
        regulation,
        kind,
        ship_due_at,
        approval_id,
        decided_at,
        badness,
        words
    from regulatory_demands
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
