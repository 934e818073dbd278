//! `[targets]`: what each headline measure is to reach, in the measure's own unit.
//!
//! Which side of a target is the good one is known from the measure, and is not
//! configured: a cycle time should lie below its target, a success rate above.

use std::collections::BTreeMap;

use super::section::Section;

/// The measures that may have a target: days, hours and counts as they are, shares
/// as 0 to 1. The flag says which are shares.
pub const TARGET_MEASURES: [(&str, bool); 11] = [
    ("cycle_time_p85", false),
    ("items_delivered", false),
    ("deployment_count", false),
    ("success_rate", true),
    ("deployment_days", false),
    ("recovery_hours", false),
    ("rework_rate", true),
    ("aging_past_p85", false),
    ("scope_after_freeze", true),
    ("estimation_error", false),
    ("pipeline_failure_rate", true),
];

/// The targets, by measure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Targets(BTreeMap<&'static str, f64>);

impl Targets {
    /// Returns the target of a measure, if it has one.
    pub fn of(&self, measure: &str) -> Option<f64> {
        self.0.get(measure).copied()
    }

    /// Returns whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads the section; a share beyond 0 to 1 and a number below zero are problems.
pub(super) fn read_targets(section: &Section<'_>) -> Targets {
    let mut targets = BTreeMap::new();
    for (measure, is_share) in TARGET_MEASURES {
        let Some(value) = section.number(measure) else {
            continue;
        };
        let (most, expected) = match is_share {
            true => (1.0, "a share from 0 to 1, such as 0.95"),
            false => (f64::MAX, "a number of zero or more"),
        };
        if (0.0..=most).contains(&value) {
            targets.insert(measure, value);
        } else {
            let what = format!("`{measure}` in [targets]: expected {expected}, found {value}");
            section.problem_at(measure, &what, None);
        }
    }
    section.finish();
    Targets(targets)
}
