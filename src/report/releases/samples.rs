//! Releases for the tests of this folder.

use super::model::{Counts, Effort, Release, Scope, State, Time};

/// A release without anything.
pub(super) fn release() -> Release {
    Release {
        id: "R1".to_owned(),
        name: "2.0".to_owned(),
        version: None,
        system: None,
        criticality: None,
        summary: None,
        state: State::Released,
        planned_at: None,
        baseline_at: None,
        baseline_basis: None,
        freeze_at: None,
        released_at: None,
        slip_days: None,
        scope: Scope::default(),
        counts: Counts::default(),
        time: Time::default(),
        effort: Effort::default(),
        items: Vec::new(),
        moves: Vec::new(),
        deployments: Vec::new(),
        events: Vec::new(),
        stages: Vec::new(),
    }
}
