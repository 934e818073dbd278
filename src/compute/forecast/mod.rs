//! Forecasts of releases: when the last open item of each is done, now and on every
//! Monday of the past as it would have stood then.
//!
//! It is a step between queries because it samples: `release_forecasts` and
//! `forecast_history` tell what is made here. What a run publishes is made anew by any
//! later run for the same instant, because nothing that came after it is read: no copy
//! of published forecasts has to be kept.

mod backtest;
mod correction;
mod history;
mod read;
mod settings;
mod situation;
mod tables;
mod what_if;

use backtest::{Forecast, forecast_at, past_forecasts};
use correction::correct;
use history::{History, Ledger};
use settings::Settings;
use situation::Change;
use what_if::read_change;

use super::steps::Step;
use crate::engine::Engine;
use crate::error::Result;
use crate::statistics::Dice;

pub use what_if::WhatIf;
pub(super) use what_if::changes_table;

/// Of the history of releases, their forecasts.
pub(super) const STEP: Step = Step {
    names: &["forecast_runs", "forecast_run_days"],
    inputs: &read::INPUTS,
    make: |engine| tables::tables(&Made::new(engine)?),
    make_empty: || tables::tables(&Made::default()),
};

/// All forecasts, with what they are made of.
#[derive(Debug, Default)]
struct Made {
    history: History,
    ledger: Ledger,
    settings: Settings,
    as_of: i64,
    /// Those of past Mondays, in order.
    past: Vec<Forecast>,
    /// Those of the as-of.
    present: Vec<Forecast>,
}

impl Made {
    fn new(engine: &Engine) -> Result<Self> {
        let history = read::read_history(engine)?;
        let as_of = read::read_as_of(engine)?;
        let (settings, past_trials) = read::read_settings(engine)?;
        let ledger = Ledger::new(&history, as_of);
        let past_settings = Settings {
            trials: past_trials,
            ..settings
        };
        let past = past_forecasts(
            &history,
            &ledger,
            &past_settings,
            &past_settings.dice(),
            as_of,
        );
        let mut made = Self {
            history,
            ledger,
            settings,
            as_of,
            past,
            present: Vec::new(),
        };
        made.correct_past();
        let change = read_change(engine, &made.history)?;
        made.present = made.forecasts(&change);
        Ok(made)
    }

    fn correct_past(&mut self) {
        let history = &self.history;
        let instants: Vec<i64> = self
            .past
            .iter()
            .map(|forecast| history.start(forecast.made_on).unwrap_or_default())
            .collect();
        correct(&mut self.past, &self.ledger.finishes, &instants, 0);
    }

    /// Returns the forecasts of the as-of, corrected by those before.
    fn forecasts(&self, change: &Change) -> Vec<Forecast> {
        let Self {
            history,
            ledger,
            settings,
            as_of,
            ..
        } = self;
        let dice = settings.dice();
        let present = forecast_at(history, ledger, settings, &dice, *as_of, change);
        let mut all = self.past.clone();
        let count = all.len();
        all.extend(present);
        let instants = vec![*as_of; all.len()];
        correct(&mut all, &ledger.finishes, &instants, count);
        all.split_off(count)
    }
}

impl Settings {
    fn dice(&self) -> Dice {
        Dice::new(self.seed, self.trials, self.horizon_weeks)
    }
}
