//! Success in depth: four readings side by side, and recovery with what is still
//! open taken into account.

mod recovery;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Head, Quarter, head};
use crate::config::Config;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable, Figure};
use crate::report::specimen::{figure, list, table, text};
use recovery::{Failure, failed_table, read_failures, recovery_figure, recovery_table};

/// How many rows of a list the page shows; the JSON has all.
const MOST_ROWS: usize = 60;

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::report) struct SuccessPage {
    #[serde(flatten)]
    pub(in crate::report) head: Head,
    /// One table per measure.
    readings: Vec<Reading>,
    /// Plain and censored median of both clocks.
    recovery: DataTable,
    /// What is said where nothing failed.
    recovery_empty: String,
    pub(in crate::report) figures: Vec<Figure>,
    failed: DataTable,
    rows: DataTable,
}

/// One measure as the four read it.
#[derive(Debug, Serialize)]
struct Reading {
    id: String,
    title: &'static str,
    table: DataTable,
}

const MEASURES: [(&str, &str); 5] = [
    ("change_fail_rate", "Change fail rate"),
    ("recovery_hours", "Failed deployment recovery time"),
    ("rework_rate", "Deployment rework rate"),
    ("deployment_frequency", "Deployment frequency, a week"),
    ("incidents_per_deployment", "Incidents per deployment"),
];

const VARIANTS: [(&str, &str); 4] = [
    ("plimsoll", "plimsoll"),
    ("dora", "DORA (2025)"),
    ("devlake", "DevLake"),
    ("middleware", "Middleware"),
];

/// Builds the page of a quarter.
pub(in crate::report) fn build_success(
    config: &Config,
    marts: &Marts,
    quarter: &Quarter,
) -> Result<SuccessPage> {
    let variants = marts.rows("success_variants")?;
    let deployments = marts.rows("success_rate")?;
    let zone = config.project.time_zone;
    let is_within = |at: DateTime<Utc>| {
        let day = at.with_timezone(&zone).date_naive();
        day >= quarter.start_on && day <= quarter.end_on
    };
    let mut readings = Vec::new();
    for (measure, title) in MEASURES {
        readings.push(Reading {
            id: measure.replace('_', "-"),
            title,
            table: reading_table(&variants, (measure, title), quarter)?,
        });
    }
    let failures = read_failures(&deployments, marts.as_of)?;
    let recent: Vec<&Failure> = failures
        .iter()
        .filter(|f| is_within(f.finished_at))
        .collect();
    let all: Vec<&Failure> = failures.iter().collect();
    Ok(SuccessPage {
        head: head(config, marts, quarter.clone()),
        readings,
        recovery: recovery_table(&[(&quarter.label, &recent), ("All deployments", &all)]),
        recovery_empty: marts
            .missing(&["deployments", "incidents"])
            .unwrap_or_else(|| "No deployment failed.".to_owned()),
        figures: vec![recovery_figure(&all)],
        failed: failed_table(&recent, zone, quarter),
        rows: row_table(&marts.rows("success_variant_rows")?, quarter)?,
    })
}

/// The readings of one measure: this quarter, and all reported weeks.
fn reading_table(
    variants: &Rows,
    (measure, title): (&str, &str),
    quarter: &Quarter,
) -> Result<DataTable> {
    let mut found: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut weeks = String::new();
    for row in variants.indices() {
        let period = variants.text("period", row)?.unwrap_or_default();
        let is_weeks = variants.text("period_kind", row)? == Some("weeks");
        if is_weeks {
            weeks = period.replace('/', " to ");
        }
        if variants.text("measure", row)? == Some(measure) && (is_weeks || period == quarter.name) {
            let variant = variants.text("variant", row)?.unwrap_or_default();
            found.insert((variant.to_owned(), is_weeks), row);
        }
    }
    let mut rows = Vec::new();
    for (variant, name) in VARIANTS {
        let at = |is_weeks| found.get(&(variant.to_owned(), is_weeks)).copied();
        let Some(now) = at(false).or(at(true)) else {
            continue;
        };
        // Few readings sort teams into classes: what has none has no column for it.
        let class = variants.text("bucket", now)?;
        let class = class.map(|class| format!("class: {class}"));
        let mut cells = vec![Cell::text(name).noted(class.as_deref())];
        for is_weeks in [false, true] {
            cells.extend(figure_cells(variants, measure, at(is_weeks))?);
        }
        cells.push(Cell::maybe(variants.text("reason", now)?));
        rows.push(cells);
    }
    Ok(DataTable::new(
        format!("{title}, {} and the weeks {weeks}", quarter.label),
        &[
            "Reading",
            &format!("#{}", quarter.label),
            "#Of",
            "#Weeks",
            "#Of",
            "How it differs",
        ],
        rows,
        usize::MAX,
    )
    .without_empty_columns())
}

fn figure_cells(variants: &Rows, measure: &str, row: Option<usize>) -> Result<[Cell; 2]> {
    let Some(row) = row else {
        return Ok([Cell::maybe(None), Cell::maybe(None)]);
    };
    let write = match measure {
        "change_fail_rate" | "rework_rate" => format::percent,
        "recovery_hours" => format::hours,
        _ => format::number,
    };
    let n = variants.integer("denominator", row)?.unwrap_or(0);
    let open = variants.integer("open_count", row)?.unwrap_or(0);
    let of = match (variants.integer("numerator", row)?, open) {
        (Some(k), _) if measure == "deployment_frequency" => {
            format!(
                "{} in {}",
                format::integer(k),
                format::count(n, "week", "weeks")
            )
        }
        (Some(k), _) => format!("{} of {}", format::integer(k), format::integer(n)),
        (None, 0) => format::integer(n),
        (None, open) => format!("{}, {} open", format::integer(n), format::integer(open)),
    };
    let value = variants.number("value", row)?;
    let of = Cell::text(of).noted((1..5).contains(&n).then_some("fewer than 5"));
    Ok([Cell::number(value, write), of])
}

/// The rows behind every reading of the quarter.
fn row_table(rows: &Rows, quarter: &Quarter) -> Result<DataTable> {
    let mut cells = Vec::new();
    for row in rows.indices() {
        if rows.text("period", row)? != Some(quarter.name.as_str()) {
            continue;
        }
        let named = |column, names: &[(&str, &'static str)]| -> Result<Cell> {
            let found = rows.text(column, row)?.unwrap_or_default();
            let name = names.iter().find(|(key, _)| *key == found);
            Ok(Cell::text(name.map_or(found, |(_, name)| *name)))
        };
        let is_counted = rows.boolean("is_counted", row)?.unwrap_or(false);
        let day = rows.date("occurred_on", row)?.map(format::date);
        cells.push(vec![
            named("measure", &MEASURES)?,
            named("variant", &VARIANTS)?,
            Cell::maybe(rows.text("subject_type", row)?),
            Cell::maybe(rows.text("subject_id", row)?),
            Cell::maybe(day.as_deref()),
            Cell::number(rows.number("value", row)?, format::number),
            Cell::text(if is_counted { "yes" } else { "no" }),
        ]);
    }
    Ok(DataTable::new(
        format!("Every row behind a reading of {}", quarter.label),
        &[
            "Measure", "Reading", "Of", "Which", "Day", "#Brings", "Counted",
        ],
        cells,
        MOST_ROWS,
    ))
}

/// Returns the page made up of placeholders, full or bare.
pub(in crate::report) fn specimen(is_full: bool) -> SuccessPage {
    let reading = || Reading {
        id: text(),
        title: "Specimen",
        table: table(is_full),
    };
    SuccessPage {
        head: super::specimen::head(),
        readings: list(is_full, reading),
        recovery: table(is_full),
        recovery_empty: text(),
        figures: vec![figure(is_full)],
        failed: table(is_full),
        rows: table(is_full),
    }
}
