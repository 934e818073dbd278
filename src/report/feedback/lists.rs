//! The reports behind every number: a list for each pattern, and one for each reason
//! why a report is in none.

use std::collections::BTreeMap;

use super::{MOST_ROWS, Sources, missing};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::full_list::FullLists;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// How many characters of what was said a list shows.
const MOST_TEXT: usize = 400;

/// Why a report is in no pattern, with the words for it.
const REASONS: [(&str, &str); 3] = [
    ("too_few", "too few that are alike"),
    ("one_week", "enough that are alike, in too few weeks"),
    (
        "nothing_to_compare",
        "no words, and no category or no component",
    ),
];

/// Where the lists lie, by pattern and by reason.
pub(super) struct Behind(BTreeMap<String, String>);

impl Behind {
    /// Returns the address of a list, from the root of the site.
    pub(super) fn of(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// Writes the lists.
pub(super) fn write_reports(pages: &FullLists<'_>, sources: &Sources<'_>) -> Result<Behind> {
    let mut addresses = BTreeMap::new();
    let mut write = |key: &str, name: &str, caption: String, places: &[usize]| -> Result<()> {
        if places.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::new();
        for place in places {
            rows.push(cells(sources, *place)?);
        }
        // The list is a page of its own, so that no row stands on this one.
        let table = DataTable::new(caption, &COLUMNS, rows, usize::MAX);
        let mut table = table.without_empty_columns();
        table.shorten(0);
        pages.write(name, &mut table)?;
        if let Some(all) = table.all {
            addresses.insert(key.to_owned(), all.href);
        }
        Ok(())
    };
    for pattern in &sources.patterns.all {
        let caption = format!("Reports of the pattern: {}", pattern.label);
        write(&pattern.id, &pattern.anchor(), caption, &pattern.members)?;
    }
    for (reason, words) in REASONS {
        let mut places = Vec::new();
        for place in &sources.patterns.single {
            if sources.patterns.reports.text("standing", *place)? == Some(reason) {
                places.push(*place);
            }
        }
        let caption = format!("Reports in no pattern: {words}");
        write(reason, &reason.replace('_', "-"), caption, &places)?;
    }
    Ok(Behind(addresses))
}

const COLUMNS: [&str; 14] = [
    "Report",
    "Kind",
    "When",
    "What was said",
    "Category",
    "Component",
    "System",
    "#Severity",
    "#Score",
    "#Hours open",
    "#Pain, weighed hours",
    "Answered by",
    "Release",
    "Deployment",
];

fn cells(sources: &Sources<'_>, row: usize) -> Result<Vec<Cell>> {
    let rows: &Rows = &sources.patterns.reports;
    let text = |column| -> Result<Cell> { Ok(Cell::maybe(rows.text(column, row)?)) };
    let whole = |column| -> Result<Cell> {
        Ok(match rows.integer(column, row)? {
            Some(value) => Cell::integer(value),
            None => Cell::maybe(None),
        })
    };
    let is_open = rows.boolean("is_open", row)? == Some(true);
    let said = rows.text("text", row)?;
    let said = said.map(|text| format::shorten(text, MOST_TEXT));
    let kind = rows.text("report_kind", row)?.unwrap_or_default();
    let about = rows.text("about_item_id", row)?;
    let about = about.map(|item| format!("about {item}"));
    Ok(vec![
        text("source_id")?,
        Cell::text(kind.replace('_', " ")).noted(about.as_deref()),
        Cell::day(rows.instant("reported_at", row)?, sources.zone),
        Cell::maybe(said.as_deref()),
        text("category")?,
        text("component")?,
        text("system")?,
        whole("severity")?,
        whole("score")?,
        Cell::number(open_hours(rows, row)?, format::number).noted(is_open.then_some("still open")),
        Cell::number(rows.number("pain", row)?, format::number),
        text("item_id")?,
        text("release_id")?,
        text("deployment_id")?,
    ])
}

#[allow(clippy::cast_precision_loss, reason = "seconds are far below 2^52")]
fn open_hours(rows: &Rows, row: usize) -> Result<Option<f64>> {
    let seconds = rows.integer("open_seconds", row)?;
    Ok(seconds.map(|seconds| seconds as f64 / 3_600.0))
}

/// How many reports are in no pattern, and why.
pub(super) fn single_part(sources: &Sources<'_>, behind: &Behind) -> Result<Part> {
    let reports = &sources.patterns.reports;
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &sources.patterns.single {
        *counts
            .entry(reports.text("standing", *row)?.unwrap_or_default())
            .or_default() += 1;
    }
    let cells = REASONS.iter().filter_map(|(reason, words)| {
        let count = counts.get(reason)?;
        Some(vec![
            Cell::text(*words),
            Cell::integer(*count).within_if(behind.of(reason)),
        ])
    });
    let finding = match missing(sources.marts) {
        Some(missing) => missing,
        None => format!(
            "{} of {} in no pattern.",
            format::integer(sources.patterns.single.len()),
            format::count(
                reports.len(),
                "report of trouble is",
                "reports of trouble are"
            ),
        ),
    };
    Ok(Part {
        id: "single",
        title: "What does not recur",
        finding,
        about: format!(
            "Every report of trouble is in exactly one pattern or in none. Feedback with a good score is no report of trouble; the ledger of coverage counts it.{}",
            compared(reports)?
        ),
        figures: Vec::new(),
        tables: vec![DataTable::new(
            "Reports in no pattern, by reason",
            &["Reason", "#Reports"],
            cells.collect(),
            MOST_ROWS,
        )],
        definitions: Part::defined_by(&["pattern_reports", "coverage"]),
    })
}

/// Says where not every report was compared with every other one.
fn compared(reports: &Rows) -> Result<String> {
    let mut apart = 0;
    for row in reports.indices() {
        let within = reports.text("compared_within", row)?.unwrap_or_default();
        apart += usize::from(within.starts_with("category"));
    }
    if apart == 0 {
        return Ok(String::new());
    }
    Ok(format!(
        " {} too many to compare each with each, and were compared within their category and component only.",
        format::count(apart, "report was", "reports were")
    ))
}
