//! Forecasts of every Monday, each as it would have stood then, and what came true.
//!
//! A forecast is corrected by how earlier ones came true: of each release that had
//! ended by its Monday, the one forecast that looked about as far ahead.

use super::history::{History, Ledger, WEEK, monday};
use super::settings::Settings;
use super::situation::{Change, OpenRelease, Situation, situation};
use crate::statistics::{DayCounts, Dice, SHARES, Work, simulate};

/// The fewest releases whose plans say whether releases keep to them.
const SLIP_MINIMUM: usize = 5;

/// A forecast of a release, made at the begin of a day or at the as-of.
#[derive(Debug, Clone, Default)]
pub(super) struct Forecast {
    pub(super) release: usize,
    pub(super) made_on: i32,
    pub(super) remaining_count: usize,
    pub(super) active_weeks: usize,
    pub(super) basis_weeks: usize,
    /// Items that the teams it hangs on delivered in these weeks.
    pub(super) delivered_count: usize,
    pub(super) idle_teams: Vec<usize>,
    pub(super) knotted_count: usize,
    pub(super) outside: Vec<String>,
    /// The trials by each basis, in the order of [`Basis`]; none where no forecast can
    /// be made, or the release has no plan to go by.
    pub(super) bases: [Option<Trials>; 3],
    /// The basis that the forecast goes by.
    pub(super) basis: Basis,
    /// Releases that ended before whose keeping to plan is drawn from.
    pub(super) slip_count: usize,
}

/// What a forecast goes by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Basis {
    /// The work that is open, and how fast work was done.
    #[default]
    Work,
    /// The plan, and how releases kept to theirs.
    Plan,
    /// The later of both.
    Later,
}

pub(super) const BASES: [Basis; 3] = [Basis::Work, Basis::Plan, Basis::Later];

/// The trials by one basis.
#[derive(Debug, Clone, Default)]
pub(super) struct Trials {
    /// As simulated.
    pub(super) simulated: DayCounts,
    /// How far the percentiles of these look, in days.
    pub(super) simulated_days: [f64; 3],
    /// How far the percentiles look that the forecast gives, in days.
    pub(super) days: [f64; 3],
    /// As earlier forecasts correct them; as simulated where there are too few.
    pub(super) counts: DayCounts,
    /// Releases whose forecasts correct these.
    pub(super) corrected_by: usize,
}

impl Trials {
    fn new(simulated: DayCounts) -> Self {
        let days = SHARES.map(|share| distance(&simulated, share));
        Self {
            counts: simulated.clone(),
            simulated,
            simulated_days: days,
            days,
            corrected_by: 0,
        }
    }

    pub(super) fn corrected(&self, factors: [f64; 3], corrected_by: usize) -> Self {
        let counts = self.simulated.corrected(factors);
        Self {
            days: SHARES.map(|share| distance(&counts, share)),
            counts,
            corrected_by,
            ..self.clone()
        }
    }
}

impl Forecast {
    /// Returns the trials that the forecast goes by.
    pub(super) fn trials(&self) -> Option<&Trials> {
        self.bases[self.basis as usize].as_ref()
    }

    /// Returns the trials of the work alone.
    pub(super) fn work(&self) -> Option<&Trials> {
        self.bases[Basis::Work as usize].as_ref()
    }
}

/// Makes the forecasts of one instant, without a correction; and the days of watched
/// items.
pub(super) fn forecast_at(
    history: &History,
    ledger: &Ledger,
    settings: &Settings,
    dice: &Dice,
    at: i64,
    change: &Change,
) -> Vec<Forecast> {
    let situation = situation(history, ledger, settings, at, change);
    let releases: Vec<_> = situation
        .releases
        .iter()
        .filter_map(|release| release.work.clone())
        .collect();
    let basis_weeks = situation.weeks.first().map_or(0, Vec::len);
    let can_run = basis_weeks > 0 && situation.releases.iter().any(OpenRelease::is_sound);
    let days = can_run.then(|| {
        let work = Work {
            weeks: &situation.weeks,
            items: &situation.items,
            releases: &releases,
            growth: &situation.growth[0],
            late_growth: &situation.growth[1],
            watched: &[],
        };
        simulate(
            &work,
            dice,
            &dice.weeks_of(basis_weeks, settings.block_weeks),
        )
    });
    let mut found = Vec::new();
    for (place, release) in situation.releases.iter().enumerate() {
        let mut forecast = Forecast {
            release: release.number,
            made_on: situation.day,
            remaining_count: release.remaining_count,
            active_weeks: release.active_weeks,
            basis_weeks,
            delivered_count: release.delivered_count,
            idle_teams: release.idle_teams.clone(),
            knotted_count: release.knotted_count,
            outside: release.outside.iter().cloned().collect(),
            ..Forecast::default()
        };
        if let Some(days) = days.as_ref().filter(|_| release.is_sound()) {
            let slips = slips(history, &situation, release.number);
            let horizon = settings.horizon_weeks * WEEK as usize;
            let worked = &days.releases[place];
            let drawn = |trial: usize| {
                let week = settings.horizon_weeks;
                slips[dice.of_name(releases[place].name, trial, week, slips.len())]
            };
            let counted = |days: &mut dyn Iterator<Item = u16>| {
                Some(Trials::new(DayCounts::new(days, horizon)))
            };
            forecast.bases[0] = counted(&mut worked.iter().copied());
            if !slips.is_empty() {
                let numbered = || worked.iter().enumerate();
                forecast.slip_count = slips.len();
                forecast.bases[1] = counted(&mut numbered().map(|(trial, _)| drawn(trial)));
                forecast.bases[2] =
                    counted(&mut numbered().map(|(trial, day)| (*day).max(drawn(trial))));
            }
        }
        found.push(forecast);
    }
    found
}

/// The days before which the release does not end, as earlier ones kept to their plans;
/// only those that are still ahead.
fn slips(history: &History, situation: &Situation, release: usize) -> Vec<u16> {
    let Some(planned_on) = history.releases[release].planned_on else {
        return Vec::new();
    };
    if situation.slips.len() < SLIP_MINIMUM {
        return Vec::new();
    }
    let ahead = situation
        .slips
        .iter()
        .map(|slip| planned_on + slip - situation.day);
    ahead.filter_map(|days| u16::try_from(days).ok()).collect()
}

/// The Mondays that forecasts are made of: all since the first item stood open in a
/// release, that day left out.
pub(super) fn mondays(history: &History, ledger: &Ledger, as_of: i64) -> Vec<(i32, i64)> {
    let mut day = ledger.first_monday + WEEK;
    let mut found = Vec::new();
    while let Some(start) = history.start(day).filter(|start| *start < as_of) {
        found.push((day, start));
        day += WEEK;
    }
    found
}

/// Makes the forecasts of all Mondays before the as-of, in order.
pub(super) fn past_forecasts(
    history: &History,
    ledger: &Ledger,
    settings: &Settings,
    dice: &Dice,
    as_of: i64,
) -> Vec<Forecast> {
    let mondays = mondays(history, ledger, as_of);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut found: Vec<(i32, Vec<Forecast>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let own: Vec<_> = mondays
                    .iter()
                    .skip(worker)
                    .step_by(threads)
                    .copied()
                    .collect();
                scope.spawn(move || {
                    let change = Change::default();
                    let made = own.into_iter().map(|(day, start)| {
                        let made = forecast_at(history, ledger, settings, dice, start, &change);
                        (day, made)
                    });
                    made.collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_default())
            .collect()
    });
    found.sort_by_key(|(day, _)| *day);
    let made = found.into_iter().flat_map(|(_, made)| made);
    made.filter(|forecast| is_kept(ledger, settings, forecast, as_of, history))
        .collect()
}

/// At most so many Mondays before its end, or before the as-of while it is open.
fn is_kept(
    ledger: &Ledger,
    settings: &Settings,
    forecast: &Forecast,
    as_of: i64,
    history: &History,
) -> bool {
    let end = match ledger.finishes[forecast.release] {
        Some(finish) => finish.day,
        None => history.day(as_of).unwrap_or_default(),
    };
    let weeks = i32::try_from(settings.history_weeks).unwrap_or(i32::MAX);
    monday(end) - forecast.made_on < weeks.saturating_mul(WEEK)
}

/// Days from the first of the trials, itself among them; the horizon where there are
/// more.
fn distance(counts: &DayCounts, share: f64) -> f64 {
    let day = counts.percentile(share).unwrap_or(counts.counts.len());
    (day + 1) as f64
}
