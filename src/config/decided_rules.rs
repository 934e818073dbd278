//! `rules.toml`: what people decided on rules, one `[[rule]]` a decision.
//!
//! The file lies beside `plimsoll.toml` and is read as strictly. It is written by hand
//! or by `plimsoll rules`, and reviewed like code. Nothing is ever taken back from it: a
//! rule that was accepted and later retired has two entries, so that a run at any
//! instant finds what held then.

mod action;
mod read;
mod write;

use chrono::{DateTime, Utc};

pub use action::RuleAction;
pub(super) use read::read_decisions;
pub use write::add_decision;

/// The name of the file.
pub const RULES_FILE: &str = "rules.toml";

/// The outcomes that a rule can be judged on.
pub const RULE_OUTCOMES: [&str; 5] = ["failed_deployment", "incident", "overrun", "delay", "age"];

/// One decision on one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The rule, `<template>.<threshold or category>.<outcome>`.
    pub rule_id: String,
    /// What was decided.
    pub state: RuleState,
    /// The template in `queries/rules/`; it may be gone by now.
    pub template: String,
    /// The outcome that the rule was judged on.
    pub outcome: String,
    /// The threshold of a rule on a number.
    pub threshold: Option<f64>,
    /// The category of a rule on a word.
    pub category: Option<String>,
    /// What the rule does to an item that it matches.
    pub action: RuleAction,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Who decided, where it is said.
    pub decided_by: Option<String>,
    /// Why; never blank.
    pub why: String,
    /// Whether it was decided against the evidence, or against an earlier decision.
    pub is_forced: bool,
    /// The figures that were there when it was decided.
    pub evidence: Option<Evidence>,
}

/// What was decided on a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleState {
    /// It takes part from then on.
    Accepted,
    /// It was recommended and is not wanted.
    Rejected,
    /// It was accepted and does not take part any more.
    Retired,
}

impl RuleState {
    /// Returns its word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Retired => "retired",
        }
    }
}

/// The figures behind a decision, as the run had them that it was taken on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The verdict of that run, such as `recommended`.
    pub verdict: Option<String>,
    /// Matched minus unmatched outcome on the later releases: a difference of shares,
    /// or of medians in the outcome's unit.
    pub effect: Option<f64>,
    /// The lower end of its 95 % interval.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
    /// Matched items of the later releases.
    pub matched_count: Option<u64>,
    /// Unmatched items of the later releases.
    pub unmatched_count: Option<u64>,
    /// The later releases.
    pub release_count: Option<u64>,
    /// The p-value.
    pub p_value: Option<f64>,
    /// How many candidates were tried in that run.
    pub tried_count: Option<u64>,
    /// The instant of that run.
    pub as_of: Option<DateTime<Utc>>,
    /// The SHA-256 of the template's file.
    pub definition_sha256: Option<String>,
}

/// Returns what was decided last on each rule by an instant, by the rule's id.
pub fn decisions_in_force(decisions: &[Decision], as_of: DateTime<Utc>) -> Vec<&Decision> {
    let mut latest: std::collections::BTreeMap<&str, &Decision> = std::collections::BTreeMap::new();
    for decision in decisions.iter().filter(|one| one.decided_at <= as_of) {
        let known = latest.entry(&decision.rule_id).or_insert(decision);
        if known.decided_at <= decision.decided_at {
            *known = decision;
        }
    }
    latest.into_values().collect()
}

#[cfg(test)]
mod tests;
