//! Limits and weights of patterns, as tables that queries read.

use std::iter::once;

use arrow::array::RecordBatch;

use super::super::settings::{batch, integers, numbers, optional_integers, texts};
use crate::config::FeedbackRules;
use crate::error::Result;

/// Returns the one row of limits.
pub(in crate::compute) fn limits_table(rules: &FeedbackRules) -> Result<RecordBatch> {
    let number = |value: f64| numbers(once(Some(value)));
    let whole = |value: u64| integers(once(i64::try_from(value).unwrap_or(i64::MAX)));
    batch(vec![
        ("language", texts(once(rules.language.as_str()))),
        ("min_reports", whole(rules.min_reports)),
        ("min_weeks", whole(rules.min_weeks)),
        ("max_score", whole(rules.max_score)),
        ("max_compared", whole(rules.max_compared)),
        ("max_distance", number(rules.max_distance)),
        ("min_similarity", number(rules.min_similarity)),
        ("words_weight", number(rules.weights.words)),
        ("component_weight", number(rules.weights.component)),
        ("category_weight", number(rules.weights.category)),
        ("max_hours", number(rules.max_hours)),
        ("report_hours", number(rules.report_hours)),
    ])
}

/// Returns one row per severity, and one without for an unknown one.
pub(in crate::compute) fn weights_table(rules: &FeedbackRules) -> Result<RecordBatch> {
    let severities = (1..).take(rules.severity_weights.len()).map(Some);
    let weights = rules.severity_weights.iter().copied();
    batch(vec![
        ("severity", optional_integers(severities.chain([None]))),
        (
            "weight",
            numbers(weights.chain([rules.unknown_weight]).map(Some)),
        ),
    ])
}
