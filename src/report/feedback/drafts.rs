//! Drafted items for patterns that nothing open would answer: on the page, and as CSV
//! and JSON for import into a tracker.
//!
//! A spreadsheet runs a cell that starts with `=`, `+`, `-` or `@`, a tab or a carriage
//! return, as a formula, and these texts were typed by anybody. Such a cell gets an
//! apostrophe before it, as OWASP advises ("CSV Injection").

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::lists::Behind;
use super::model::Patterns;
use super::{MOST_ROWS, Sources, missing};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::report::format;
use crate::report::marts::Marts;
use crate::report::page::{Cell, DataTable};
use crate::report::part::Part;

/// How many characters of a description the page shows; the files for import have all.
const MOST_DESCRIPTION: usize = 600;

/// A drafted item, as it is imported. Whoever imports it sets what is not said here.
#[derive(Debug, Serialize)]
struct Draft {
    title: String,
    description: String,
    item_type: String,
    system: Option<String>,
    components: Option<String>,
    /// Nobody has said what it is worth.
    business_value: Option<f64>,
    report_count: i64,
    pattern: String,
    /// The ids of the reports, as their sources have them.
    evidence: Vec<String>,
}

/// Returns the drafts, that of the most painful pattern first.
fn load(marts: &Marts, patterns: &Patterns) -> Result<Vec<Draft>> {
    let rows = marts.rows("drafted_items")?;
    let mut row_of = BTreeMap::new();
    for row in rows.indices() {
        row_of.insert(rows.owned_text("pattern_id", row)?, row);
    }
    let mut drafts = Vec::new();
    for pattern in &patterns.all {
        let Some(row) = row_of.get(&pattern.id).copied() else {
            continue;
        };
        let mut evidence = Vec::new();
        for member in &pattern.members {
            evidence.push(patterns.reports.owned_text("source_id", *member)?);
        }
        drafts.push(Draft {
            title: rows.owned_text("title", row)?,
            description: rows.owned_text("description", row)?,
            item_type: rows.owned_text("item_type", row)?,
            system: rows.maybe_owned_text("system", row)?,
            components: rows.maybe_owned_text("component", row)?,
            business_value: rows.number("business_value", row)?,
            report_count: pattern.reports,
            pattern: pattern.id.clone(),
            evidence,
        });
    }
    Ok(drafts)
}

/// Writes `feedback/drafts.csv` and `feedback/drafts.json`, without a draft too.
pub(super) fn write(marts: &Marts, patterns: &Patterns, staging: &Path) -> Result<()> {
    let drafts = load(marts, patterns)?;
    let folder = staging.join("feedback");
    let failed = |what: &str| {
        let message = format!("cannot write drafted items as {what}");
        move |e| Error::new(ErrorKind::Internal, message.clone()).caused_by(e)
    };
    let json = serde_json::to_vec_pretty(&drafts).map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write drafted items as JSON").caused_by(e)
    })?;
    fs::write(&folder.join("drafts.json"), &json)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(CSV_COLUMNS).map_err(failed("CSV"))?;
    for draft in &drafts {
        writer
            .write_record(csv_cells(draft))
            .map_err(failed("CSV"))?;
    }
    let bytes = writer.into_inner().map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write drafted items as CSV").caused_by(e)
    })?;
    fs::write(&folder.join("drafts.csv"), &bytes)
}

const CSV_COLUMNS: [&str; 9] = [
    "title",
    "description",
    "item_type",
    "system",
    "components",
    "business_value",
    "report_count",
    "pattern",
    "evidence",
];

fn csv_cells(draft: &Draft) -> [String; 9] {
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or(""));
    [
        harmless(&draft.title),
        harmless(&draft.description),
        harmless(&draft.item_type),
        text(&draft.system),
        text(&draft.components),
        draft
            .business_value
            .map_or_else(String::new, |value| value.to_string()),
        draft.report_count.to_string(),
        harmless(&draft.pattern),
        harmless(&draft.evidence.join(";")),
    ]
}

/// Returns a text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    match text
        .trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
    {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// The drafts on the page.
pub(super) fn part(sources: &Sources<'_>, behind: &Behind) -> Result<Part> {
    let drafts = load(sources.marts, sources.patterns)?;
    let finding = match (missing(sources.marts), drafts.len()) {
        (Some(missing), _) => missing,
        (None, 0) => "Nothing to draft: every pattern has an open item.".to_owned(),
        (None, count) => format!(
            "{} drafted, to be read before anybody imports them.",
            format::count(count, "item is", "items are")
        ),
    };
    let cells = drafts.iter().map(|draft| {
        vec![
            Cell::text(&draft.title),
            Cell::integer(draft.report_count).within_if(behind.of(&draft.pattern)),
            Cell::text(format::shorten(&draft.description, MOST_DESCRIPTION)),
            Cell::maybe(draft.components.as_deref()),
            Cell::maybe(draft.system.as_deref()),
        ]
    });
    let table = DataTable::new(
        "Drafted items, the most painful pattern first",
        &["Title", "#Reports", "Description", "Component", "System"],
        cells.collect(),
        MOST_ROWS,
    );
    Ok(Part {
        id: "drafts",
        title: "Drafted items",
        finding,
        about: "A draft for each pattern that no open item would answer: a defect, with what was reported and the reports behind it. It says nothing of a cause and gives no business value, for nobody has named one.".to_owned(),
        figures: Vec::new(),
        tables: vec![table.without_empty_columns()],
        definitions: Part::defined_by(&["drafted_items"]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["Recurring: printing", "", "a=b", "INC-1;INC-2"] {
            assert_eq!(harmless(text), text);
        }
    }
}
