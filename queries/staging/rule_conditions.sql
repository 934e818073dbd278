-- name: rule_conditions
-- about: The rules whose items are shown one by one: those recommended,
--   and those that somebody decided on.
-- grain: one row per rule
-- key: rule_id
-- reads: rule_trials, rule_templates, decided_rules
-- columns:
--   rule_id    string   Rule.
--   template   string   Its template.
--   outcome    string   What it is judged by.
--   compares   string   at_least, at_most or equals.
--   threshold  double?  Threshold.
--   category   string?  Category.

-- Every number of such a rule leads to its items. Candidates that are neither
-- have their counts in rule_candidates alone. What was decided on and is not
-- recommended now stays as it was decided; without its template it has no
-- condition.

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

decisions as (
    select
        rule_id,
        template,
        outcome,
        threshold,
        category
    from decided_rules
),

rules as (
    select
        rule_id,
        template,
        outcome,
        threshold,
        category
    from trials
    union all
    select
        decisions.rule_id,
        decisions.template,
        decisions.outcome,
        decisions.threshold,
        decisions.category
    from decisions
    left join trials
        on decisions.rule_id = trials.rule_id
    where trials.rule_id is null
),

templates as (
    select
        template,
        compares
    from rule_templates
)

select
    rules.rule_id,
    rules.template,
    rules.outcome,
    templates.compares,
    rules.threshold,
    rules.category
from rules
inner join templates
    on rules.template = templates.template
order by rule_id
