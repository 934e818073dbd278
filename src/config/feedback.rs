//! `[feedback]`: when reports from operations are alike, when they are a pattern, and
//! what a pattern weighs.

use super::section::Section;
use crate::error::nearest;
use crate::wording::Language;

/// How many severities there are.
const SEVERITIES: usize = 5;

/// Rules of patterns in reports from operations.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedbackRules {
    /// How many reports are a pattern.
    pub min_reports: u64,
    /// In how many different weeks.
    pub min_weeks: u64,
    /// The highest score of feedback, 1 to 5, that tells of trouble.
    pub max_score: u64,
    /// How far apart, 0 to 1, groups may be that are joined.
    pub max_distance: f64,
    /// How like a pattern, 0 to 1, the title of an item is that may answer it.
    pub min_similarity: f64,
    /// How many reports are compared each with each.
    pub max_compared: u64,
    /// What words, component and category weigh in a distance.
    pub weights: DistanceWeights,
    /// The language of the texts.
    pub language: String,
    /// What an hour of an incident weighs, by severity, the worst first.
    pub severity_weights: [f64; SEVERITIES],
    /// What an hour of an incident of unknown severity weighs.
    pub unknown_weight: f64,
    /// The most hours of one incident that count.
    pub max_hours: f64,
    /// How many weighed hours a report weighs that is no incident.
    pub report_hours: f64,
}

/// What the parts of a distance weigh; they need not add up to one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceWeights {
    /// Of the words.
    pub words: f64,
    /// Of the component, or of the system where a component is not known.
    pub component: f64,
    /// Of the category.
    pub category: f64,
}

/// Reads the section.
pub(super) fn read_feedback(section: &Section<'_>) -> FeedbackRules {
    let whole = |key, default| section.whole(key, 1).unwrap_or(default);
    let weights = DistanceWeights {
        words: positive(section, "words_weight", 0.7),
        component: not_below_zero(section, "component_weight", 0.2),
        category: not_below_zero(section, "category_weight", 0.1),
    };
    let rules = FeedbackRules {
        min_reports: section.whole("min_reports", 2).unwrap_or(3),
        min_weeks: whole("min_weeks", 2),
        max_score: whole("max_score", 2),
        max_distance: share(section, "max_distance", 0.55),
        min_similarity: share(section, "min_similarity", 0.5),
        max_compared: section.whole("max_compared", 2).unwrap_or(4_000),
        weights,
        language: language(section),
        severity_weights: severity_weights(section),
        unknown_weight: not_below_zero(section, "unknown_weight", 1.0),
        max_hours: positive(section, "max_hours", 168.0),
        report_hours: not_below_zero(section, "report_hours", 1.0),
    };
    section.finish();
    rules
}

/// Reads the weights by severity, the worst first.
fn severity_weights(section: &Section<'_>) -> [f64; SEVERITIES] {
    let defaults = [8.0, 4.0, 2.0, 1.0, 0.5];
    const KEYS: [&str; SEVERITIES] = [
        "severity_1_weight",
        "severity_2_weight",
        "severity_3_weight",
        "severity_4_weight",
        "severity_5_weight",
    ];
    let mut weights = defaults;
    for (weight, key) in weights.iter_mut().zip(KEYS) {
        *weight = not_below_zero(section, key, *weight);
    }
    weights
}

fn language(section: &Section<'_>) -> String {
    let names = || Language::names().collect::<Vec<_>>().join(", ");
    let known = section.parsed_or(
        "language",
        |text| match Language::names().find(|name| *name == text) {
            Some(name) => Ok(name.to_owned()),
            None => Err(format!("one of {}", names())),
        },
        |text| nearest(text, Language::names()).map(|name| format!("did you mean `{name}`?")),
    );
    known.unwrap_or_else(|| "english".to_owned())
}

fn not_below_zero(section: &Section<'_>, key: &'static str, default: f64) -> f64 {
    checked(section, key, default, "a number of zero or more", |value| {
        value >= 0.0
    })
}

fn positive(section: &Section<'_>, key: &'static str, default: f64) -> f64 {
    checked(section, key, default, "a number above zero", |value| {
        value > 0.0
    })
}

fn share(section: &Section<'_>, key: &'static str, default: f64) -> f64 {
    checked(
        section,
        key,
        default,
        "a number above 0 and below 1",
        |value| value > 0.0 && value < 1.0,
    )
}

fn checked(
    section: &Section<'_>,
    key: &'static str,
    default: f64,
    expected: &str,
    fits: impl Fn(f64) -> bool,
) -> f64 {
    let value = section.number(key).unwrap_or(default);
    if fits(value) && value.is_finite() {
        return value;
    }
    let what = format!("`{key}` in [feedback]: expected {expected}, found {value}");
    section.problem_at(key, &what, None);
    default
}
