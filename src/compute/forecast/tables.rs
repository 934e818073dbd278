//! Forecasts as tables: one row per forecast, and the days of the present ones.

use arrow::array::RecordBatch;
use chrono::{Days, NaiveDate};

use super::Made;
use super::backtest::{Basis, Forecast, Trials};
use super::situation::ACTIVE_WEEKS;
use crate::compute::settings::{
    batch, booleans, integers, numbers, optional_dates, optional_texts, texts,
};
use crate::error::Result;
use crate::statistics::SHARES;

/// What stands between names.
const SEPARATOR: &str = "; ";

/// Returns the two tables.
pub(super) fn tables(made: &Made) -> Result<Vec<RecordBatch>> {
    Ok(vec![runs(made)?, days(made)?])
}

/// The day of a number, counted from 1970-01-01.
pub(super) fn date(day: i32) -> NaiveDate {
    NaiveDate::default() + chrono::TimeDelta::days(i64::from(day))
}

/// The percentiles of some trials as days, in the order of their shares.
pub(super) fn percentiles(forecast: &Forecast, trials: Option<&Trials>) -> [Option<NaiveDate>; 3] {
    SHARES.map(|share| {
        let day = trials?.counts.percentile(share)?;
        date(forecast.made_on).checked_add_days(Days::new(day as u64))
    })
}

/// The chance that a release ends by the end of a day.
pub(super) fn chance_by(forecast: &Forecast, day: i32) -> Option<f64> {
    let ahead = i64::from(day) - i64::from(forecast.made_on);
    forecast.trials()?.counts.chance_by(ahead)
}

/// Why there is no forecast, or that there is one.
pub(super) fn state(forecast: &Forecast) -> &'static str {
    match forecast {
        one if one.trials().is_some() => "forecast",
        one if !one.idle_teams.is_empty() && one.active_weeks >= ACTIVE_WEEKS => {
            "team_without_throughput"
        }
        _ => "too_few_weeks",
    }
}

fn basis(forecast: &Forecast) -> Option<&'static str> {
    forecast.trials().map(|_| match forecast.basis {
        Basis::Work => "work",
        Basis::Plan => "plan",
        Basis::Later => "later",
    })
}

fn runs(made: &Made) -> Result<RecordBatch> {
    let rows: Vec<(bool, &Forecast)> = made
        .past
        .iter()
        .map(|forecast| (false, forecast))
        .chain(made.present.iter().map(|forecast| (true, forecast)))
        .collect();
    let all = || rows.iter().map(|(_, forecast)| *forecast);
    let count = |value: fn(&Forecast) -> usize| {
        integers(all().map(move |forecast| i64::try_from(value(forecast)).unwrap_or(i64::MAX)))
    };
    let release = |forecast: &Forecast| &made.history.releases[forecast.release];
    let goes_by: Vec<[Option<NaiveDate>; 3]> = all()
        .map(|forecast| percentiles(forecast, forecast.trials()))
        .collect();
    let work: Vec<[Option<NaiveDate>; 3]> = all()
        .map(|forecast| percentiles(forecast, forecast.work()))
        .collect();
    let of = |found: &[[Option<NaiveDate>; 3]], place: usize| {
        optional_dates(
            found
                .iter()
                .map(|days| days[place])
                .collect::<Vec<_>>()
                .into_iter(),
        )
    };
    let idle: Vec<Option<String>> = all()
        .map(|forecast| {
            let names = forecast
                .idle_teams
                .iter()
                .map(|team| made.history.teams[*team].as_str());
            joined(names)
        })
        .collect();
    let outside: Vec<Option<String>> = all()
        .map(|forecast| joined(forecast.outside.iter().map(String::as_str)))
        .collect();
    let finish = |forecast: &Forecast| {
        made.ledger
            .finishes
            .get(forecast.release)
            .copied()
            .flatten()
    };
    let chance = |forecast: &Forecast| chance_by(forecast, release(forecast).planned_on?);
    batch(vec![
        (
            "release_id",
            texts(all().map(|forecast| release(forecast).id.as_str())),
        ),
        (
            "made_on",
            optional_dates(all().map(|forecast| Some(date(forecast.made_on)))),
        ),
        (
            "is_present",
            booleans(rows.iter().map(|(is_present, _)| *is_present)),
        ),
        ("state", texts(all().map(state))),
        ("basis", optional_texts(all().map(basis))),
        (
            "remaining_count",
            count(|forecast| forecast.remaining_count),
        ),
        ("active_weeks", count(|forecast| forecast.active_weeks)),
        ("basis_weeks", count(|forecast| forecast.basis_weeks)),
        (
            "delivered_count",
            count(|forecast| forecast.delivered_count),
        ),
        (
            "corrected_by",
            count(|forecast| forecast.trials().map_or(0, |trials| trials.corrected_by)),
        ),
        ("slip_count", count(|forecast| forecast.slip_count)),
        ("knotted_count", count(|forecast| forecast.knotted_count)),
        ("outside_count", count(|forecast| forecast.outside.len())),
        (
            "idle_teams",
            optional_texts(idle.iter().map(Option::as_deref)),
        ),
        (
            "outside",
            optional_texts(outside.iter().map(Option::as_deref)),
        ),
        ("p50_on", of(&goes_by, 0)),
        ("p85_on", of(&goes_by, 1)),
        ("p95_on", of(&goes_by, 2)),
        ("work_p50_on", of(&work, 0)),
        ("work_p85_on", of(&work, 1)),
        ("work_p95_on", of(&work, 2)),
        (
            "planned_on",
            optional_dates(all().map(|forecast| release(forecast).planned_on.map(date))),
        ),
        ("planned_chance", numbers(all().map(chance))),
        (
            "actual_on",
            optional_dates(all().map(|forecast| finish(forecast).map(|finish| date(finish.day)))),
        ),
    ])
}

fn joined<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| names.join(SEPARATOR))
}

/// How many trials of the present forecasts end on each day; the day is null for what
/// the horizon cuts off.
fn days(made: &Made) -> Result<RecordBatch> {
    let mut rows: Vec<(&str, i64, Option<NaiveDate>, u32)> = Vec::new();
    for forecast in &made.present {
        let Some(trials) = forecast.trials() else {
            continue;
        };
        let id = made.history.releases[forecast.release].id.as_str();
        for (day, &count) in (0..).zip(&trials.counts.counts) {
            if count > 0 {
                rows.push((
                    id,
                    i64::from(day) + 1,
                    Some(date(forecast.made_on + day)),
                    count,
                ));
            }
        }
        if trials.counts.beyond > 0 {
            let after = i64::try_from(trials.counts.counts.len()).unwrap_or(i64::MAX);
            rows.push((id, after + 1, None, trials.counts.beyond));
        }
    }
    batch(vec![
        ("release_id", texts(rows.iter().map(|row| row.0))),
        ("day_number", integers(rows.iter().map(|row| row.1))),
        ("ends_on", optional_dates(rows.iter().map(|row| row.2))),
        (
            "trial_count",
            integers(rows.iter().map(|row| i64::from(row.3))),
        ),
    ])
}
