-- name: rule_hits
-- about: Which items each accepted rule matches.
-- grain: one row per accepted rule, item and release
-- key: rule_id, item_id, release_id
-- reads: decided_rules, rule_templates, rule_subjects
-- columns:
--   rule_id        string      Rule, as rules.toml calls it.
--   item_id        string      Tracker key.
--   release_id     string      Release that carries the item.
--   team           string?     Team of the item.
--   action_kind    string      raise, lower, hold, require or weight.
--   required_kind  string?     What it needs, in lower case, words joined by _.
--   points         double?     What it adds to a score; null for other actions.
--   found_words    string?     What the item has; null where nobody knows.
--   missing_words  string?     What the template lacks; null where nothing.
--   is_matched     boolean?    Whether it is one; null where nobody knows.
--   accepted_at    timestamp?  When the rule was accepted.

-- Definition, Rules: a rule is a condition on an item, its team or its release,
-- and an action. The condition is read from the template as it is now; a rule
-- whose template is gone matches nothing, which rule_decisions says.

with accepted as (
    select
        rule_id,
        template,
        threshold,
        category,
        action_kind,
        required_kind,
        points,
        accepted_at
    from decided_rules
    where state = 'accepted'
),

templates as (
    select
        template,
        compares,
        missing_words
    from rule_templates
),

subjects as (
    select
        template,
        item_id,
        release_id,
        team,
        value,
        category
    from rule_subjects
)

select
    accepted.rule_id,
    subjects.item_id,
    subjects.release_id,
    subjects.team,
    accepted.action_kind,
    accepted.required_kind,
    accepted.points,
    case
        when templates.missing_words is null
            then coalesce(
                subjects.category,
                regexp_replace(cast(subjects.value as string), '[.]0$', '')
            )
    end as found_words,
    templates.missing_words,
    case
        when templates.missing_words is not null then cast(null as boolean)
        when templates.compares = 'at_least'
            then subjects.value >= accepted.threshold
        when templates.compares = 'at_most'
            then subjects.value <= accepted.threshold
        else subjects.category = accepted.category
    end as is_matched,
    accepted.accepted_at
from accepted
inner join templates
    on accepted.template = templates.template
inner join subjects
    on accepted.template = subjects.template
order by rule_id, item_id, release_id
