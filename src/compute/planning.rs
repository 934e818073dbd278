//! The weights of scores and the limits of planning, as settings.

use std::iter::once;

use arrow::array::RecordBatch;

use super::settings::{batch, integers, numbers, texts};
use crate::config::{PlanningRules, ScoringRules};
use crate::error::Result;

/// Returns one row per part of a score.
pub(super) fn scoring_table(rules: &ScoringRules) -> Result<RecordBatch> {
    let parts = || rules.weights.iter();
    let top = i64::try_from(rules.top_count).unwrap_or(i64::MAX);
    batch(vec![
        ("preset", texts(parts().map(|_| rules.preset.as_str()))),
        ("part", texts(parts().map(|(part, _)| *part))),
        ("weight", numbers(parts().map(|(_, weight)| Some(*weight)))),
        (
            "size",
            texts(parts().map(|_| rules.size.unwrap_or("nothing"))),
        ),
        ("top_count", integers(parts().map(|_| top))),
    ])
}

/// Returns the one row of limits.
pub(super) fn limits_table(rules: &PlanningRules) -> Result<RecordBatch> {
    let limit = |value: f64| numbers(once(Some(value)));
    batch(vec![
        ("max_story_points", limit(rules.max_story_points)),
        ("max_estimate_hours", limit(rules.max_estimate_hours)),
        ("max_components", limit(rules.max_components)),
        ("max_dependencies", limit(rules.max_dependencies)),
        ("portfolio_band_points", limit(rules.portfolio_band_points)),
    ])
}
