//! `[planning]`: past which limits items should be split, how far a portfolio may drift
//! from its plan, and over how many releases bottlenecks are counted.

use super::section::Section;

/// Limits of planning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanningRules {
    /// The most story points of an item.
    pub max_story_points: f64,
    /// The longest estimate of an item, in hours.
    pub max_estimate_hours: f64,
    /// The most components that an item touches.
    pub max_components: f64,
    /// The most things that an item depends on.
    pub max_dependencies: f64,
    /// How far a share may be from the planned one, in percentage points.
    pub portfolio_band_points: f64,
    /// Over how many of the last releases bottlenecks are counted, and over as many
    /// before these.
    pub bottleneck_releases: u64,
}

/// How many releases it is where nothing is declared.
const BOTTLENECK_RELEASES: u64 = 4;

/// Reads the section; a limit below zero is a problem.
pub(super) fn read_planning(section: &Section<'_>) -> PlanningRules {
    let limit = |key: &'static str, default: f64| {
        let value = section.number(key).unwrap_or(default);
        if value >= 0.0 && value.is_finite() {
            return value;
        }
        let what =
            format!("`{key}` in [planning]: expected a number of zero or more, found {value}");
        section.problem_at(key, &what, None);
        default
    };
    let rules = PlanningRules {
        max_story_points: limit("max_story_points", 8.0),
        max_estimate_hours: limit("max_estimate_hours", 40.0),
        max_components: limit("max_components", 3.0),
        max_dependencies: limit("max_dependencies", 3.0),
        portfolio_band_points: limit("portfolio_band_points", 10.0),
        bottleneck_releases: section
            .whole("bottleneck_releases", 1)
            .unwrap_or(BOTTLENECK_RELEASES),
    };
    section.finish();
    rules
}
