-- name: rule_decisions
-- about: What holds of each rule that somebody decided on, with the figures it
--   rested on and what the present run says of it.
-- grain: one row per rule that was decided on by the as-of
-- key: rule_id
-- reads: decided_rules, rule_templates, rule_candidates
-- columns:
--   rule_id                   string      Rule, as rules.toml calls it.
--   rule_text                 string      The rule in words; its id where the
--                                         template is gone.
--   template                  string      File in queries/rules/.
--   outcome                   string      What it was judged on.
--   action                    string      raise, lower, hold, require <what> or
--                                         weight <part> <factor>.
--   state                     string      accepted, rejected or retired.
--   why                       string      The reason of the last decision.
--   decided_by                string?     Who decided.
--   verdict                   string?     What the present run says; null where
--                                         it did not try the rule.
--   threshold                 double?     Of a rule on a number.
--   category                  string?     Of a rule on a word.
--   evidence_effect           double?     Matched minus unmatched outcome when it
--                                         was decided.
--   evidence_lower            double?     The lower end of its 95 % interval.
--   evidence_upper            double?     The upper end.
--   evidence_matched_count    bigint?     Matched items then.
--   evidence_unmatched_count  bigint?     Unmatched items then.
--   evidence_release_count    bigint?     Releases then.
--   is_forced                 boolean     Decided against evidence or an earlier
--                                         decision.
--   is_template_gone          boolean     No template of that name is there now.
--   is_template_changed       boolean?    The template is another text than the
--                                         one that the figures are of; null
--                                         where nobody knows.
--   evidence_as_of            timestamp?  The run that the figures are of.
--   accepted_at               timestamp?  When it was accepted; null where never.
--   decided_at                timestamp   When it was decided last.

-- Definition, Rules: `plimsoll rules accept|reject ID --why ...` writes
-- rules.toml. decided_rules has what holds by the as-of; a decision dated after
-- it is not seen.

with decisions as (
    select
        rule_id,
        template,
        outcome,
        threshold,
        category,
        action,
        state,
        why,
        decided_by,
        is_forced,
        accepted_at,
        decided_at,
        evidence_effect,
        evidence_lower,
        evidence_upper,
        evidence_matched_count,
        evidence_unmatched_count,
        evidence_release_count,
        evidence_as_of,
        evidence_sha256
    from decided_rules
),

templates as (
    select
        template,
        title,
        definition_sha256
    from rule_templates
),

candidates as (
    select
        rule_id,
        rule_text,
        verdict
    from rule_candidates
)

select
    decisions.rule_id,
    coalesce(
        candidates.rule_text,
        replace(
            replace(
                templates.title,
                '{threshold}',
                coalesce(
                    regexp_replace(
                        cast(decisions.threshold as string), '[.]0$', ''
                    ),
                    ''
                )
            ),
            '{category}',
            coalesce(decisions.category, '')
        ),
        decisions.rule_id
    ) as rule_text,
    decisions.template,
    decisions.outcome,
    decisions.action,
    decisions.state,
    decisions.why,
    decisions.decided_by,
    candidates.verdict,
    decisions.threshold,
    decisions.category,
    decisions.evidence_effect,
    decisions.evidence_lower,
    decisions.evidence_upper,
    decisions.evidence_matched_count,
    decisions.evidence_unmatched_count,
    decisions.evidence_release_count,
    decisions.is_forced,
    templates.template is null as is_template_gone,
    decisions.evidence_sha256 <> templates.definition_sha256
        as is_template_changed,
    decisions.evidence_as_of,
    decisions.accepted_at,
    decisions.decided_at
from decisions
left join templates
    on decisions.template = templates.template
left join candidates
    on decisions.rule_id = candidates.rule_id
order by rule_id
