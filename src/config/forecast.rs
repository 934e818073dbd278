//! `[forecast]`: what forecasts are made with.

use super::section::Section;

/// What forecasts are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForecastRules {
    /// The seed of the dice.
    pub seed: u64,
    /// Trials of a forecast.
    pub trials: u32,
    /// Trials of each forecast of a past Monday.
    pub past_trials: u32,
    /// Whole weeks of the past that are drawn from.
    pub basis_weeks: u32,
    /// How many of them are drawn together.
    pub block_weeks: u32,
    /// How many weeks are simulated.
    pub horizon_weeks: u32,
    /// How many Mondays before its end a release has past forecasts of.
    pub history_weeks: u32,
}

/// Reads the section; what makes no sense is a problem.
pub(super) fn read_forecast(section: &Section<'_>) -> ForecastRules {
    let count = |key: &'static str, least: u32, most: u32, default: u32| {
        let Some(value) = section.whole(key, 0) else {
            return default;
        };
        let value = u32::try_from(value).unwrap_or(u32::MAX);
        if (least..=most).contains(&value) {
            return value;
        }
        let what = format!("`{key}` in [forecast]: expected {least} to {most}, found {value}");
        section.problem_at(key, &what, None);
        default
    };
    let rules = ForecastRules {
        seed: section.whole("seed", 0).unwrap_or(1),
        trials: count("trials", 100, 100_000, 10_000),
        past_trials: count("past_trials", 100, 100_000, 1_000),
        basis_weeks: count("basis_weeks", 5, 260, 26),
        block_weeks: count("block_weeks", 1, 26, 2),
        horizon_weeks: count("horizon_weeks", 4, 260, 52),
        history_weeks: count("history_weeks", 1, 104, 26),
    };
    section.finish();
    rules
}
