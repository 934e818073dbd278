-- name: regulation_signoffs
-- about: Whether each regulated item has the sign-offs of each of its
--   regulations.
-- grain: one row per release, item and regulation
-- key: release_id, item_id, regulation
-- reads: gates, regulatory_demands, gate_results
-- columns:
--   release_id  string      Release.
--   item_id     string      Item.
--   regulation  string      GDPR, HIPAA, SOX, ..., in upper case.
--   team        string?     Its team.
--   verdict     string      pass, fail, waived or unknown.
--   reason      string      Why, in a sentence.
--   due_at      timestamp?  When the release shipped or is to.

-- coverage.md, 6.2. The gate regulatory_signoff judges an item once; what one
-- of its regulations lacks says nothing of the others. A waiver of the item is
-- one from the regulations that it does not satisfy.

with signoff_gate as (
    select
        gate,
        missing_words
    from gates
    where gate = 'regulatory_signoff' and is_on
),

judged_regulations as (
    select
        release_id,
        item_id,
        regulation,
        max(team) as team,
        max(ship_due_at) as due_at,
        max(badness) as worst,
        count(*) filter (where badness > 0) as lacking_count,
        min(words) filter (where badness > 0) as first_lacking_words,
        max(words) filter (where badness > 0) as last_lacking_words,
        min(words) as first_words
    from regulatory_demands
    group by release_id, item_id, regulation
),

judged_items as (
    select
        release_id,
        subject_id as item_id,
        verdict
    from gate_results
    where gate = 'regulatory_signoff' and subject_type = 'item'
)

select
    judged_regulations.release_id,
    judged_regulations.item_id,
    judged_regulations.regulation,
    judged_regulations.team,
    case
        when signoff_gate.missing_words is not null then 'unknown'
        when judged_regulations.worst = 0 then 'pass'
        when judged_items.verdict = 'waived' then 'waived'
        when judged_regulations.worst = 1 then 'unknown'
        else 'fail'
    end as verdict,
    coalesce(
        signoff_gate.missing_words,
        case
            when judged_regulations.lacking_count = 0
                then judged_regulations.first_words
            when judged_regulations.lacking_count = 1
                then judged_regulations.first_lacking_words
            else judged_regulations.first_lacking_words || '; '
                || judged_regulations.last_lacking_words
        end || case
            when judged_regulations.lacking_count > 2 then
                '; and ' || (judged_regulations.lacking_count - 2) || ' more'
            else ''
        end
    ) as reason,
    judged_regulations.due_at
from judged_regulations
cross join signoff_gate
inner join judged_items
    on judged_regulations.release_id = judged_items.release_id
    and judged_regulations.item_id = judged_items.item_id
order by release_id, item_id, regulation
