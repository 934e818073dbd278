//! What the past says for a rule: candidates, fitted on the earlier releases, judged
//! on the later ones.
//!
//! A rule is a condition on an item, its team or its release, and what to do about
//! what it matches. Templates say which conditions to try; each threshold or category
//! of one, with each outcome, is a candidate. The releases are split in time: on the
//! earlier ones thresholds are set, and one candidate of each template and outcome is
//! chosen; the later ones, of which nothing was used so far, judge all candidates, and
//! the share of false discoveries is held over everything that was tried.
//!
//! Invariants: pure functions over plain values, no table, no clock, chance only from
//! a seed; items of one release are never counted as independent; too little data is
//! a verdict with what would be enough, never a finding.

mod candidate;
mod judge;
mod verdict;

#[cfg(test)]
mod tests;

use crate::query::{Comparison, RuleOutcome, Thresholds};
use crate::statistics::Interval;

pub use judge::try_rules;

/// One item of a release that shipped.
#[derive(Debug, Clone, PartialEq)]
pub struct PastItem {
    /// The position of its release among all, in the order in which they shipped.
    pub release: i64,
    /// Its outcomes, in the order of [`RuleOutcome::ALL`]; `None` where unknown.
    pub outcomes: [Option<f64>; RuleOutcome::ALL.len()],
}

/// One template, and what it says of each item.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// How an item is held against what is tried.
    pub compares: Comparison,
    /// What is tried.
    pub thresholds: Thresholds,
    /// The outcomes that it is judged by.
    pub outcomes: Vec<RuleOutcome>,
    /// Whether matched items are to fare better; else worse.
    pub is_for_better: bool,
    /// The value of each item, in their order; `None` where unknown.
    pub values: Vec<Option<f64>>,
    /// The category of each item; `None` where unknown.
    pub categories: Vec<Option<String>>,
}

/// How sure one has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// What all chance is drawn from.
    pub seed: u64,
    /// The share of the releases that are the earlier ones.
    pub earlier_share: f64,
    /// The share of discoveries that may be false.
    pub false_share: f64,
    /// The fewest items on either side of a comparison.
    pub least_items: usize,
    /// The fewest releases on either side of a comparison.
    pub least_releases: usize,
}

/// The releases in two parts, and what was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// How many releases rules were fitted on.
    pub earlier_count: usize,
    /// How many releases judged them.
    pub later_count: usize,
    /// The position of the first release that judged.
    pub first_later: Option<i64>,
    /// The p-value up to which a candidate is a discovery.
    pub p_limit: f64,
    /// Every candidate tried.
    pub trials: Vec<Trial>,
}

/// One side of the past, earlier or later, held against a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Releases with an item of which condition and outcome are known.
    pub release_count: usize,
    /// Items that match.
    pub matched: Side,
    /// Items that do not.
    pub unmatched: Side,
    /// The figure of those that match less that of the others.
    pub effect: Option<f64>,
}

/// The items on one side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// How many.
    pub count: usize,
    /// Of how many releases.
    pub release_count: usize,
    /// How many of them ended badly; `None` of an outcome that is no share.
    pub bad_count: Option<usize>,
    /// The share that ended badly, or the median; `None` without items.
    pub figure: Option<f64>,
}

/// One candidate, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// What to call it, the same from run to run.
    pub rule_id: String,
    /// Its template.
    pub template: String,
    /// The outcome.
    pub outcome: RuleOutcome,
    /// The threshold.
    pub threshold: Option<f64>,
    /// The category.
    pub category: Option<String>,
    /// The earlier releases.
    pub fit: Part,
    /// The later ones.
    pub judge: Part,
    /// The 95 % interval of the later releases' effect; `None` unless it is chosen.
    pub(crate) interval: Option<Interval>,
    /// The one-sided p-value; `None` where the later releases are too few to say.
    pub p_value: Option<f64>,
    /// Whether it is one of the discoveries.
    pub is_discovery: bool,
    /// Whether the earlier releases chose it among its template's.
    pub is_chosen: bool,
    /// What may be said.
    pub verdict: Verdict,
}

/// What may be said of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Fitted on the earlier releases, found again on the later ones.
    Recommended,
    /// A discovery, but another candidate of its template was chosen.
    Covered,
    /// Not enough to say; where it can be said, what would be enough.
    NotEnough(Option<Enough>),
    /// There was enough to see it, and it was not there.
    NoEffect,
    /// The later releases say the opposite of the earlier ones.
    Contradicted,
}

impl Verdict {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Covered => "covered",
            Self::NotEnough(_) => "not_enough",
            Self::NoEffect => "no_effect",
            Self::Contradicted => "contradicted",
        }
    }
}

/// What would be enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enough {
    /// Releases that shipped, earlier and later ones together.
    pub release_count: u64,
    /// Matched items of the later ones.
    pub matched_count: u64,
}
