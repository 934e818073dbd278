//! When releases will be done, as things are and as they would be: as text, CSV or
//! JSON.

use chrono::NaiveDate;
use serde_json::json;

use super::{Common, ForecastArguments, ListFormat, commands, print_bytes};
use crate::calendar;
use crate::compute::WhatIf;
use crate::config;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline;
use crate::report::{Foretold, PERCENTILES, ReleaseForecast, format};

/// What a line of CSV has.
const COLUMNS: &str = "scenario,release_id,release_name,state,p50_on,p85_on,p95_on,work_p50_on,work_p85_on,work_p95_on,planned_on,planned_chance,remaining_count,basis,state_words";

/// Forecasts and says so on stdout.
pub(super) fn forecast(common: &Common, wanted: &ForecastArguments) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let as_of = commands::instant(&config, wanted.as_of.as_deref())?;
    let what_if = WhatIf {
        without: wanted.without.clone(),
        freeze: wanted.freeze.as_deref().map(parse_day).transpose()?,
        release_id: None,
    };
    let foretold = pipeline::foretell(&config, as_of, wanted.release.as_deref(), what_if)?;
    let bytes = match wanted.format {
        ListFormat::Table => write_text(&foretold).into_bytes(),
        ListFormat::Csv => write_csv(&foretold).into_bytes(),
        ListFormat::Json => write_json(&foretold)?,
    };
    print_bytes(&bytes)
}

fn parse_day(text: &str) -> Result<NaiveDate> {
    calendar::parse_date(text).ok_or_else(|| {
        let message =
            format!("cannot read the freeze: expected a date such as 2026-08-01, found `{text}`");
        Error::new(ErrorKind::Usage, message).hint("write year, month, day")
    })
}

/// The forecasts in pairs: as things are, and as they would be.
fn pairs(
    foretold: &Foretold,
) -> impl Iterator<Item = (&ReleaseForecast, Option<&ReleaseForecast>)> {
    foretold.present.iter().map(move |present| {
        let mut others = foretold.what_if.iter().flatten();
        (
            present,
            others.find(|other| other.release_id == present.release_id),
        )
    })
}

fn write_text(foretold: &Foretold) -> String {
    let mut text = match foretold.present.first() {
        Some(first) => format!(
            "{} trials of seed {}, made on {}\n",
            format::integer(first.trials),
            first.seed,
            day(first.made_on)
        ),
        None => "no release is open\n".to_owned(),
    };
    for (present, what_if) in pairs(foretold) {
        text += &format!(
            "\n{} ({}): {}\n",
            present.release_name,
            present.release_id,
            present.line()
        );
        text += &lines("", present);
        if let Some(what_if) = what_if {
            text += &lines("what if: ", what_if);
        }
    }
    text
}

/// The days of a release, and what they stand on.
fn lines(label: &str, one: &ReleaseForecast) -> String {
    if !one.is_made() {
        return format!("  {label}no forecast: {}\n", one.why());
    }
    let days = |days: &[Option<NaiveDate>; 3]| {
        let pairs = PERCENTILES.iter().zip(days);
        let words: Vec<String> = pairs
            .map(|(share, by)| format!("{share} by {}", day(*by)))
            .collect();
        words.join(", ")
    };
    let chance = match one.planned_chance {
        Some(chance) => format!("; chance of the planned day {}", format::percent(chance)),
        None => String::new(),
    };
    format!(
        "  {label}{}{chance}\n  {label}the work alone: {}; {} open; goes by {}\n",
        days(&one.days),
        days(&one.work_days),
        format::integer(one.remaining_count),
        one.basis_words()
    )
}

fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| format::MISSING.to_owned(), format::date)
}

fn write_csv(foretold: &Foretold) -> String {
    let mut text = format!("{COLUMNS}\n");
    for (present, what_if) in pairs(foretold) {
        for (scenario, one) in [("present", Some(present)), ("what_if", what_if)] {
            text += &one.map_or_else(String::new, |one| csv_line(scenario, one));
        }
    }
    text
}

fn csv_line(scenario: &str, one: &ReleaseForecast) -> String {
    let quoted = |text: &str| match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut cells = vec![
        scenario.to_owned(),
        quoted(&one.release_id),
        quoted(&one.release_name),
        one.state.clone(),
    ];
    cells.extend(one.days.iter().chain(&one.work_days).map(|day| date(*day)));
    cells.push(date(one.planned_on));
    cells.push(
        one.planned_chance
            .map(|chance| chance.to_string())
            .unwrap_or_default(),
    );
    cells.push(one.remaining_count.to_string());
    cells.push(one.basis.clone().unwrap_or_default());
    cells.push(quoted(one.state_words.as_deref().unwrap_or_default()));
    format!("{}\n", cells.join(","))
}

fn write_json(foretold: &Foretold) -> Result<Vec<u8>> {
    let pairs: Vec<_> = pairs(foretold)
        .map(|(present, what_if)| json!({ "present": present, "what_if": what_if }))
        .collect();
    let mut bytes = serde_json::to_vec_pretty(&json!({ "releases": pairs })).map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write the forecast as JSON").caused_by(e)
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}
