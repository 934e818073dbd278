-- name: rule_conditions
-- about: The rules whose items are shown one by one: those recommended.
-- grain: one row per rule
-- key: rule_id
-- reads: rule_trials, rule_templates
-- columns:
--   rule_id    string   Rule.
--   template   string   Its template.
--   outcome    string   What it is judged by.
--   compares   string   at_least, at_most or equals.
--   threshold  double?  Threshold.
--   category   string?  Category.

-- Every number of such a rule leads to its items. Candidates that are not
-- recommended have their counts in rule_candidates alone.

with trials as (
    select
        rule_id,
        template,
        outcome,
        threshold,
        category
    from rule_trials
    where verdict = 'recommended'
),

templates as (
    select
        template,
        compares
    from rule_templates
)

select
    trials.rule_id,
    trials.template,
    trials.outcome,
    templates.compares,
    trials.threshold,
    trials.category
from trials
inner join templates
    on trials.template = templates.template
order by rule_id
