//! Scope timeline of a release: how many items it held, as a step line, over
//! what was added (up) and removed (down) day by day, against its baseline and
//! its freeze.

use chrono::NaiveDate;

use super::Frame;
use super::document::empty;

/// Input of [`scope_timeline`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeTimeline {
    /// The days on which the scope was counted or changed, in ascending order;
    /// days without a change may be left out.
    pub(crate) days: Vec<ScopeDay>,
    /// The day whose scope is the plan.
    pub(crate) baseline: Option<NaiveDate>,
    /// The day of the scope freeze; changes from then on are orange.
    pub(crate) freeze: Option<NaiveDate>,
    /// The day it shipped, or is planned to.
    pub(crate) ship: Option<NaiveDate>,
    /// What the line counts, for example "Items in 2026.6.1".
    pub(crate) caption: String,
}

/// One day.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeDay {
    /// The day.
    pub(crate) date: NaiveDate,
    /// Items in the release at its end; none where that is not known.
    pub(crate) scope_count: Option<u64>,
    /// Items added on it.
    pub(crate) added_count: u64,
    /// Items removed on it.
    pub(crate) removed_count: u64,
    /// The list of its changes.
    pub(crate) href: Option<String>,
}

/// Draws the timeline.
pub(crate) fn scope_timeline(frame: &Frame, input: &ScopeTimeline) -> String {
    let _ = input;
    empty(frame, 0)
}
