-- name: rule_replay__parts_add_up
-- about: The parts of a replay add up, in each alternative.
-- grain: one row per replay that breaks the claim
-- key: rule_id, release_id, alternative
-- reads: rule_replay
-- columns:
--   rule_id      string  Rule.
--   release_id   string  Release.
--   alternative  string  rule, nothing or present_score.

-- What is picked turned out badly or well, and what turned out badly was picked
-- or missed; the present scoring picks as many as the rule.

with held_by_rule as (
    select
        rule_id,
        release_id,
        item_count,
        held_count,
        caught_count + missed_count as bad_count
    from rule_replay
    where alternative = 'rule'
)

select
    rule_replay.rule_id,
    rule_replay.release_id,
    rule_replay.alternative
from rule_replay
left join held_by_rule
    on rule_replay.rule_id = held_by_rule.rule_id
    and rule_replay.release_id = held_by_rule.release_id
where held_by_rule.rule_id is null
    or rule_replay.held_count
    <> rule_replay.caught_count + rule_replay.held_wrongly_count
    or rule_replay.item_count <> held_by_rule.item_count
    or rule_replay.caught_count + rule_replay.missed_count
    <> held_by_rule.bad_count
    or (
        rule_replay.alternative = 'present_score'
        and rule_replay.held_count <> held_by_rule.held_count
    )
    or (rule_replay.alternative = 'nothing' and rule_replay.held_count <> 0)
order by rule_id, release_id, alternative
