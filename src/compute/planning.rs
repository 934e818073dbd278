//! The weights of scores, the limits of planning and what forecasts are made with, as
//! settings.
//!
//! An accepted rule may change a weight: then the weight in force stands beside the
//! declared one, with the rules that changed it.

use std::iter::once;

use arrow::array::RecordBatch;

use super::settings::{batch, integers, numbers, optional_texts, texts};
use crate::config::{Decision, ForecastRules, PlanningRules, RuleAction, RuleState, ScoringRules};
use crate::error::Result;

/// Returns one row per part of a score; `decided` is what holds of rules.
pub(super) fn scoring_table(rules: &ScoringRules, decided: &[&Decision]) -> Result<RecordBatch> {
    let parts = || rules.weights.iter();
    let factors = |part: &str| -> Vec<(f64, &str)> {
        let accepted = decided
            .iter()
            .filter(|one| one.state == RuleState::Accepted);
        accepted
            .filter_map(|one| match &one.action {
                RuleAction::Weight { part: of, factor } if of == part => {
                    Some((*factor, one.rule_id.as_str()))
                }
                _ => None,
            })
            .collect()
    };
    let in_force = |(part, weight): &(&str, f64)| {
        let changes = factors(part);
        weight * changes.iter().map(|(factor, _)| factor).product::<f64>()
    };
    let changed_by: Vec<Option<String>> = parts()
        .map(|(part, _)| {
            let names: Vec<&str> = factors(part).iter().map(|(_, id)| *id).collect();
            (!names.is_empty()).then(|| names.join(", "))
        })
        .collect();
    let top = i64::try_from(rules.top_count).unwrap_or(i64::MAX);
    batch(vec![
        ("preset", texts(parts().map(|_| rules.preset.as_str()))),
        ("part", texts(parts().map(|(part, _)| *part))),
        ("weight", numbers(parts().map(|part| Some(in_force(part))))),
        (
            "size",
            texts(parts().map(|_| rules.size.unwrap_or("nothing"))),
        ),
        ("top_count", integers(parts().map(|_| top))),
        (
            "declared_weight",
            numbers(parts().map(|(_, weight)| Some(*weight))),
        ),
        (
            "changed_by",
            optional_texts(changed_by.iter().map(Option::as_deref)),
        ),
    ])
}

/// Returns the one row of limits.
pub(super) fn limits_table(rules: &PlanningRules) -> Result<RecordBatch> {
    let limit = |value: f64| numbers(once(Some(value)));
    let releases = i64::try_from(rules.bottleneck_releases).unwrap_or(i64::MAX / 2);
    batch(vec![
        ("max_story_points", limit(rules.max_story_points)),
        ("max_estimate_hours", limit(rules.max_estimate_hours)),
        ("max_components", limit(rules.max_components)),
        ("max_dependencies", limit(rules.max_dependencies)),
        ("portfolio_band_points", limit(rules.portfolio_band_points)),
        ("bottleneck_releases", integers(once(releases))),
    ])
}

/// Returns the one row of what forecasts are made with.
pub(super) fn forecast_table(rules: &ForecastRules) -> Result<RecordBatch> {
    let whole = |value: u32| integers(once(i64::from(value)));
    let seed = i64::try_from(rules.seed).unwrap_or(i64::MAX);
    batch(vec![
        ("seed", integers(once(seed))),
        ("trials", whole(rules.trials)),
        ("past_trials", whole(rules.past_trials)),
        ("basis_weeks", whole(rules.basis_weeks)),
        ("block_weeks", whole(rules.block_weeks)),
        ("horizon_weeks", whole(rules.horizon_weeks)),
        ("history_weeks", whole(rules.history_weeks)),
    ])
}
