-- name: rule_matches
-- about: The delivered items behind every number of a rule.
-- grain: one row per rule, item and release that delivered it
-- key: rule_id, item_id, release_id
-- reads: rule_conditions, rule_subjects, rule_outcomes, rule_split
-- columns:
--   rule_id           string      Rule.
--   item_id           string      Tracker key.
--   release_id        string      Release that delivered it.
--   team              string?     Its team at known_at.
--   outcome           string      What the rule is judged by.
--   part              string      earlier or later: fitted on, or judged by.
--   category          string?     What was known of it, where that is a word.
--   subject_value     double?     What was known of it, where that is a number.
--   value             double?     Its outcome; null where unknown.
--   release_position  bigint      1 for the release that shipped first.
--   is_matched        boolean?    The rule matches it; null where nobody knows.
--   is_bad            boolean?    It turned out badly; null where unknown.
--   known_at          timestamp?  When the decision would have been taken.

-- A share compares values of 0 and 1, and 1 is bad. Where medians are compared,
-- bad is: overrun  over the estimate by more than a quarter; delay  past the
-- planned date; age  older at delivery than 85 % of the items of the earlier
-- releases. Medians do not depend on it; the replay does.

with conditions as (
    select
        rule_id,
        template,
        outcome,
        compares,
        threshold,
        category
    from rule_conditions
),

subjects as (
    select
        template,
        item_id,
        release_id,
        team,
        known_at,
        value,
        category
    from rule_subjects
),

split as (
    select first_later_position
    from rule_split
),

outcome_rows as (
    select
        item_id,
        release_id,
        release_position,
        failed_deployment,
        incident,
        overrun,
        delay,
        age
    from rule_outcomes
    where exclusion is null
),

placed_outcomes as (
    select
        outcome_rows.item_id,
        outcome_rows.release_id,
        outcome_rows.release_position,
        outcome_rows.failed_deployment,
        outcome_rows.incident,
        outcome_rows.overrun,
        outcome_rows.delay,
        outcome_rows.age,
        case
            when outcome_rows.release_position >= split.first_later_position
                then 'later'
            else 'earlier'
        end as part
    from outcome_rows
    cross join split
),

usual_ages as (
    select
        percentile_cont(0.85) within group (order by age) as p85_days
    from placed_outcomes
    where part = 'earlier' and age is not null
),

rule_items_found as (
    select
        conditions.rule_id,
        conditions.outcome,
        placed_outcomes.item_id,
        placed_outcomes.release_id,
        placed_outcomes.release_position,
        placed_outcomes.part,
        subjects.team,
        subjects.known_at,
        subjects.value as subject_value,
        subjects.category,
        case conditions.compares
            when 'at_least' then subjects.value >= conditions.threshold
            when 'at_most' then subjects.value <= conditions.threshold
            else subjects.category = conditions.category
        end as is_matched,
        case conditions.outcome
            when 'failed_deployment' then placed_outcomes.failed_deployment
            when 'incident' then placed_outcomes.incident
            when 'overrun' then placed_outcomes.overrun
            when 'delay' then placed_outcomes.delay
            when 'age' then placed_outcomes.age
        end as value
    from conditions
    cross join placed_outcomes
    left join subjects
        on conditions.template = subjects.template
        and placed_outcomes.item_id = subjects.item_id
        and placed_outcomes.release_id = subjects.release_id
)

select
    rule_items_found.rule_id,
    rule_items_found.item_id,
    rule_items_found.release_id,
    rule_items_found.team,
    rule_items_found.outcome,
    rule_items_found.part,
    rule_items_found.category,
    rule_items_found.subject_value,
    rule_items_found.value,
    rule_items_found.release_position,
    rule_items_found.is_matched,
    case rule_items_found.outcome
        when 'overrun' then rule_items_found.value > ln(1.25e0)
        when 'delay' then rule_items_found.value > 0e0
        when 'age' then rule_items_found.value > usual_ages.p85_days
        else rule_items_found.value > 0e0
    end as is_bad,
    rule_items_found.known_at
from rule_items_found
cross join usual_ages
order by rule_id, item_id, release_id
