//! What forecasts are made with.

/// How many releases that ended before say how plans are kept, and how earlier
/// forecasts came true.
pub(super) const PAST_RELEASES: usize = 50;

/// What forecasts are made with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The seed of the dice.
    pub(crate) seed: u64,
    /// Trials of a simulation.
    pub(crate) trials: usize,
    /// Whole weeks of the past that are drawn from.
    pub(crate) basis_weeks: usize,
    /// How many of them are drawn together.
    pub(crate) block_weeks: usize,
    /// How many weeks are simulated.
    pub(crate) horizon_weeks: usize,
    /// How many Mondays before its end a release has forecasts of.
    pub(crate) history_weeks: usize,
}
