-- name: rule_effects__counts_are_rows
-- about: The items of an effect are those of the list, and each release lies in
--   one period.
-- grain: one row that breaks the claim
-- key: rule_id, release_id
-- reads: rule_effects, rule_matches
-- columns:
--   rule_id     string  Rule.
--   release_id  string  Release.

with listed as (
    select
        rule_id,
        release_id,
        count(*) as item_count,
        count(*) filter (where is_matched) as matched_count,
        count(*) filter (where is_matched and is_bad) as matched_bad
    from rule_matches
    where is_matched is not null and value is not null
    group by rule_id, release_id
)

select
    rule_effects.rule_id,
    rule_effects.release_id
from rule_effects
left join listed
    on rule_effects.rule_id = listed.rule_id
    and rule_effects.release_id = listed.release_id
where listed.rule_id is null
    or rule_effects.matched_count + rule_effects.unmatched_count
    <> listed.item_count
    or rule_effects.matched_count <> listed.matched_count
    or coalesce(rule_effects.matched_bad, listed.matched_bad)
    <> listed.matched_bad
order by rule_id, release_id
