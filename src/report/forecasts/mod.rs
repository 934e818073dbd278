//! The pages of forecasts: when each open release and each contract promise will be
//! done, and how often earlier forecasts came true.

mod calibration;
mod model;
mod promises;
mod question;
mod releases;

use std::collections::BTreeMap;
use std::path::Path;

use super::figures::Context;
use super::format;
use super::marts::Marts;
use super::part::{Part, PartsPage};
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::error::Result;

pub use model::{PERCENTILES, ReleaseForecast};
pub use question::{FORECAST_MARTS, Foretold, check_item, find_release, read_forecasts};

/// A plan with a smaller chance than this is against the odds.
const EVEN: f64 = 0.5;

/// How many rows a table of the pages shows.
const MOST_ROWS: usize = 60;

/// Loads the forecasts, by release id.
pub(super) fn load_forecasts(marts: &Marts) -> Result<BTreeMap<String, ReleaseForecast>> {
    let rows = marts.rows("release_forecasts")?;
    let read = rows.indices().map(|row| {
        let forecast = ReleaseForecast::read(&rows, row)?;
        Ok((forecast.release_id.clone(), forecast))
    });
    read.collect()
}

/// Says in one sentence how many open releases will rather miss their planned day;
/// `None` where none can be forecast.
pub(super) fn quarter_forecasts(marts: &Marts) -> Result<Option<String>> {
    let forecasts = load_forecasts(marts)?;
    let known = forecasts.values().filter_map(|one| one.planned_chance);
    let chances: Vec<f64> = known.collect();
    let against = chances.iter().filter(|chance| **chance < EVEN).count();
    Ok((!chances.is_empty()).then(|| {
        format!(
            "Forecast: {} of {} will rather miss the planned day.",
            format::integer(against),
            format::count(chances.len(), "open release", "open releases")
        )
    }))
}

/// Writes both pages and their JSON.
pub(super) fn write_forecasts(
    templates: &Templates,
    context: &Context<'_>,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let releases = releases::part(context)?;
    let answer = releases.finding.trim_end_matches('.').to_owned();
    let parts = vec![releases, promises::part(context)?, estimates(context)?];
    PartsPage::new(latest, answer, parts).write(templates, "forecasts", staging)?;
    let parts = calibration::parts(context)?;
    let answer = parts[0].finding.trim_end_matches('.').to_owned();
    PartsPage::new(latest, answer, parts).write(templates, "calibration", staging)
}

/// The open items with the estimate that past items of their size suggest.
fn estimates(context: &Context<'_>) -> Result<Part> {
    let section = super::sections::corrected_estimates(context)?;
    Ok(Part {
        id: "estimates",
        title: "Estimates of open items",
        finding: section.text,
        about: "A correction of estimates is offered where it came closer on items that it was not fitted on. Dates above count items, not hours.".to_owned(),
        figures: Vec::new(),
        tables: section.tables.into_iter().map(|table| table.table).collect(),
        definitions: Part::defined_by(&["corrected_estimates", "estimation_calibration"]),
    })
}

/// Writes a chance; between 0 and 1 it is never written as certain.
fn chance(value: f64) -> String {
    format::percent(value)
}
