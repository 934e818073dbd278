//! A recommendation: the present rule, the proposed one, its evidence and replay, how
//! sure it is, and the command that accepts it.

use serde::Serialize;

use super::decided::Decided;
use super::places::{Match, Places, match_table};
use super::replay::{self, Replayed};
use super::trial::Trial;
use crate::config::RuleAction;
use crate::report::format;
use crate::report::page::DataTable;

/// A recommendation as the page has it.
#[derive(Debug, Serialize)]
pub(super) struct Proposal {
    /// The anchor.
    pub(super) id: String,
    pub(super) rule_id: String,
    /// The rule in words.
    pub(super) title: String,
    /// What holds for such items now.
    pub(super) present: String,
    /// What would hold.
    pub(super) proposed: String,
    pub(super) evidence: DataTable,
    pub(super) replay_sentence: String,
    pub(super) replay: DataTable,
    /// How sure it is, and why no surer.
    pub(super) sure: String,
    /// The command that accepts it, to be copied.
    pub(super) command: String,
    /// The items behind the figures.
    pub(super) rows: DataTable,
}

/// What a recommendation is made from, beside the candidate.
pub(super) struct Behind<'a> {
    pub(super) decided: &'a [Decided],
    /// The weights of the score in force, by part.
    pub(super) weights: &'a [(String, f64)],
    pub(super) replays: &'a [Replayed],
    pub(super) matches: &'a [Match],
    pub(super) places: &'a Places,
}

impl Proposal {
    pub(super) fn new(trial: &Trial, behind: &Behind<'_>) -> Self {
        Self {
            id: anchor(&trial.rule_id),
            rule_id: trial.rule_id.clone(),
            title: trial.text.clone(),
            present: present(trial, behind),
            proposed: action_words(&trial.action),
            evidence: trial.evidence(),
            replay_sentence: replay::sentence(behind.replays),
            replay: replay::table(&trial.rule_id, behind.replays, behind.places),
            sure: sure(trial),
            command: format!("plimsoll rules accept {} --why \"…\"", trial.rule_id),
            rows: match_table(&trial.rule_id, behind.matches, trial.outcome, behind.places),
        }
    }
}

/// Returns the anchor of a rule.
pub(super) fn anchor(rule_id: &str) -> String {
    format!("rule-{rule_id}")
}

/// Says what an action does to the items that a rule matches.
pub(super) fn action_words(action: &str) -> String {
    match RuleAction::parse(action) {
        Ok(RuleAction::Raise) => "Score them higher.".to_owned(),
        Ok(RuleAction::Lower) => "Score them lower.".to_owned(),
        Ok(RuleAction::Hold) => {
            "Hold them back from their release until an exception lets them in.".to_owned()
        }
        Ok(RuleAction::Require(kind)) => format!(
            "Require {} before their release ships.",
            kind.replace('_', " ")
        ),
        Ok(RuleAction::Weight { part, factor }) => format!(
            "Multiply the weight of {} in every score by {factor}.",
            part.replace('_', " ")
        ),
        Err(_) => action.to_owned(),
    }
}

/// Says what holds now for what a rule is about.
fn present(trial: &Trial, behind: &Behind<'_>) -> String {
    let mut in_force = behind.decided.iter().filter(|one| one.is_in_force());
    let other = in_force.find(|one| one.template == trial.template);
    if let Some(other) = other {
        return format!(
            "{}: {} Accepted as {}.",
            other.title,
            action_words(&other.action),
            other.rule_id
        );
    }
    if let Ok(RuleAction::Weight { part, .. }) = RuleAction::parse(&trial.action) {
        let name = part.replace('_', " ");
        let weight = behind.weights.iter().find(|(of, _)| *of == part);
        return match weight {
            Some((_, weight)) => format!("The weight of {name} is {}.", format::number(*weight)),
            None => format!("{} is no part of the score.", capital(&name)),
        };
    }
    "No rule: such items are scored and checked as all others.".to_owned()
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

/// Says how sure a recommendation is.
pub(super) fn sure(trial: &Trial) -> String {
    let chance = match (trial.p_value, trial.p_limit) {
        (Some(p), Some(limit)) => format!(
            "If the rule meant nothing, a difference as large would come about with a chance of {}; at {} and less it counts as found",
            format::probability(p),
            format::probability(limit)
        ),
        _ => "Its chance of being nothing could not be computed".to_owned(),
    };
    format!(
        "{chance}, among {} tried: of all that are found so, one in ten is expected to be false (Benjamini–Hochberg at 10%). The later releases, {}, took no part in finding the rule; items of one release are not independent, so releases are drawn whole.",
        format::count(trial.tried, "rule", "rules"),
        format::integer(trial.later.releases)
    )
}

#[cfg(test)]
mod tests {
    use super::super::decided;
    use super::super::trial::sample;
    use super::*;

    fn told(trial: &Trial, decided: &[Decided], weights: &[(String, f64)]) -> String {
        let places = Places::default();
        let behind = Behind {
            decided,
            weights,
            replays: &[],
            matches: &[],
            places: &places,
        };
        present(trial, &behind)
    }

    #[test]
    fn the_present_rule_is_that_of_the_same_template_or_a_weight_or_none() {
        let mut trial = sample("large_estimate.40.incident", "recommended");
        assert!(told(&trial, &[], &[]).starts_with("No rule"));
        let other = decided::sample("large_estimate.60.incident", "accepted");
        let retired = decided::sample("large_estimate.60.incident", "retired");
        assert!(told(&trial, &[retired], &[]).starts_with("No rule"));
        let words = told(&trial, &[other], &[]);
        assert!(
            words.ends_with("Accepted as large_estimate.60.incident."),
            "{words}"
        );
        trial.action = "weight risk_exposure 1.5".to_owned();
        let weights = [("risk_exposure".to_owned(), 2.0)];
        assert_eq!(
            told(&trial, &[], &weights),
            "The weight of risk exposure is 2."
        );
        assert_eq!(
            told(&trial, &[], &[]),
            "Risk exposure is no part of the score."
        );
    }

    #[test]
    fn every_action_is_said_in_words() {
        for (action, words) in [
            ("raise", "higher"),
            ("lower", "lower"),
            ("hold", "until an exception lets them in"),
            ("require canary", "Require canary before"),
            (
                "weight risk_exposure 1.5",
                "weight of risk exposure in every score by 1.5",
            ),
        ] {
            assert!(action_words(action).contains(words), "{action}");
        }
    }

    #[test]
    fn how_sure_names_chance_limit_number_of_tries_and_releases() {
        let text = sure(&sample("large_estimate.40.incident", "recommended"));
        for part in [
            "0.001",
            "0.004",
            "120 rules",
            "8, took no part",
            "one in ten",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let mut blind = sample("large_estimate.40.incident", "recommended");
        blind.p_value = None;
        assert!(sure(&blind).contains("could not be computed"));
    }
}
