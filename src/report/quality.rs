//! The data quality page: what every export brought, and what could not be read.
//!
//! It shows where a row lies and why it was set aside, never the row itself: that is
//! in `rejects/`, which stays with those who may read the exports.

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::Value;
use serde::Serialize;

use super::banner;
use super::format;
use super::head::Head;
use super::marts::Marts;
use super::page::{Cell, DataTable};
use super::specimen;
use super::template::Templates;
use super::weekly::WeeklyPage;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::lake::{self, Account, ExportAccount, Manifest, Rows};

/// How many rows a table of the page shows.
const MOST_ROWS: usize = 200;

/// How many rejects the page's JSON has; all are in `rejects/`.
const MOST_REJECTS: usize = 10_000;

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct QualityPage<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// How many rows were read and set aside, in words.
    answer: String,
    /// What a reader must know of single exports, in sentences.
    warnings: Vec<String>,
    exports: DataTable,
    tables: DataTable,
    reasons: DataTable,
    rejects: DataTable,
    unseen: DataTable,
    rewound: DataTable,
    /// How much of what is shown could not be taken back to the as-of.
    rewound_sum: String,
}

/// Writes the page and its JSON.
pub(super) fn write_quality(
    templates: &Templates,
    config: &Config,
    marts: &Marts,
    latest: &WeeklyPage,
    staging: &Path,
) -> Result<()> {
    let folder = lake::snapshot_folder(&config.root, &marts.manifest.snapshot);
    let rejects = lake::load_rows(&folder.join("rejects.parquet"))?;
    let (rewound, rewound_sum) = rewound(marts)?;
    let page = QualityPage {
        head: Head::of(latest),
        answer: answer(&marts.snapshot),
        warnings: warnings(&marts.snapshot.accounts),
        exports: banner::source_table(marts),
        tables: tables(marts),
        reasons: reasons(&rejects)?,
        rejects: reject_table(&rejects)?,
        unseen: unseen(&marts.snapshot.accounts),
        rewound,
        rewound_sum,
    };
    let place = (staging, "data-quality");
    templates.write("data-quality.html", &page, &Value::UNDEFINED, 0, place)
}

/// Returns a page of placeholders, to try templates on.
pub(super) fn specimen(latest: &WeeklyPage, is_full: bool) -> QualityPage<'_> {
    QualityPage {
        head: Head::of(latest),
        answer: specimen::text(),
        warnings: vec![specimen::text()],
        exports: specimen::table(is_full),
        tables: specimen::table(is_full),
        reasons: specimen::table(is_full),
        rejects: specimen::table(is_full),
        unseen: specimen::table(is_full),
        rewound: specimen::table(is_full),
        rewound_sum: specimen::text(),
    }
}

fn warnings(accounts: &[Account]) -> Vec<String> {
    accounts.iter().flat_map(Account::warnings).collect()
}

fn answer(snapshot: &Manifest) -> String {
    let set_aside = snapshot.sum(|account| account.set_aside);
    let rows = format!("{} read", format::count(snapshot.rows(), "row", "rows"));
    if set_aside == 0 {
        return format!("{rows}, none set aside.");
    }
    let exports = ExportAccount::group(&snapshot.accounts).into_iter();
    let exports = exports.filter(|export| export.sum(|account| account.set_aside) > 0);
    format!(
        "{rows}, {} set aside from {}.",
        format::integer(set_aside),
        format::count(exports.count(), "export", "exports")
    )
}

fn tables(marts: &Marts) -> DataTable {
    let rows = marts.snapshot.tables.iter().map(|table| {
        let text = match (table.is_fed, table.rows) {
            (false, _) => format!("no data: feed {}", table.name),
            (true, 0) => "fed, without a row".to_owned(),
            (true, _) => "fed".to_owned(),
        };
        vec![
            Cell::text(&table.name),
            Cell::integer(table.rows),
            Cell::text(text),
        ]
    });
    DataTable::new(
        "Tables of the contract, each row once",
        &["Table", "#Rows", "State"],
        rows.collect(),
        usize::MAX,
    )
}

/// The rejects by what was wrong with them, the most frequent first.
fn reasons(rejects: &Rows) -> Result<DataTable> {
    let mut reasons: BTreeMap<[&str; 4], u64> = BTreeMap::new();
    for row in rejects.indices() {
        let text = |name| Ok::<_, Error>(rejects.text(name, row)?.unwrap_or_default());
        let reason = [
            text("file")?,
            text("table")?,
            text("column")?,
            text("expected")?,
        ];
        *reasons.entry(reason).or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rows = reasons
        .into_iter()
        .map(|([file, table, column, expected], count)| {
            vec![
                Cell::text(file),
                Cell::text(table),
                Cell::text(if column.is_empty() {
                    "whole row"
                } else {
                    column
                }),
                Cell::text(expected),
                Cell::integer(count),
            ]
        });
    Ok(DataTable::new(
        "Rows set aside, by what was expected",
        &["Export", "Table", "Column", "Expected", "#Rows"],
        rows.collect(),
        MOST_ROWS,
    ))
}

fn reject_table(rejects: &Rows) -> Result<DataTable> {
    let mut rows = Vec::new();
    for row in rejects.indices().take(MOST_REJECTS) {
        rows.push(vec![
            Cell::maybe(rejects.text("file", row)?),
            Cell::integer(rejects.integer("line", row)?.unwrap_or(0)),
            Cell::maybe(rejects.text("column", row)?.filter(|name| !name.is_empty())),
            Cell::maybe(rejects.text("expected", row)?),
            Cell::text(format::shorten(
                rejects.text("found", row)?.unwrap_or_default(),
                80,
            )),
        ]);
    }
    Ok(DataTable::new(
        "Rows set aside, by place",
        &["Export", "#Line", "Column", "Expected", "Found"],
        rows,
        MOST_ROWS,
    ))
}

/// What each basis of `rewound_columns` means.
fn basis_words(basis: &str) -> &str {
    match basis {
        "logged" => "the change log, where it has a change of this field",
        "dated" => "the instant itself: a later one is not seen",
        _ => "nothing: no change log is asked",
    }
}

/// Column by column, what could be taken back to the as-of and what stands as the
/// export has it now; and the sum of it.
fn rewound(marts: &Marts) -> Result<(DataTable, String)> {
    let columns = marts.rows("rewound_columns")?;
    let mut rows = Vec::new();
    let (mut all, mut standing) = (0, 0);
    for row in columns.indices() {
        let count = |name| Ok::<_, Error>(columns.integer(name, row)?.unwrap_or(0));
        let values = count("value_count")?;
        if values == 0 {
            continue;
        }
        all += values;
        standing += count("standing_count")?;
        rows.push(vec![
            Cell::maybe(columns.text("column_name", row)?),
            Cell::maybe(columns.text("table_name", row)?),
            Cell::text(basis_words(columns.text("basis", row)?.unwrap_or_default())),
            Cell::integer(values),
            Cell::integer(count("known_count")?),
            Cell::integer(count("standing_count")?),
        ]);
    }
    let sum = format!(
        "{} of {} of items and releases stand as the exports have them now, for want of a change log: a correction made after the as-of is taken to have always held.",
        format::integer(standing),
        format::count(all, "value", "values"),
    );
    let table = DataTable::new(
        "Columns that have values, and what takes them back to the as-of",
        &[
            "Column",
            "Table",
            "Taken back by",
            "#Values",
            "#Of these, taken back",
            "#As now",
        ],
        rows,
        usize::MAX,
    );
    Ok((table, sum))
}

fn unseen(accounts: &[Account]) -> DataTable {
    let exports = ExportAccount::group(accounts);
    let rows = exports.iter().flat_map(|export| {
        let origin = export.origin();
        let unseen = export.unseen().into_iter();
        unseen
            .map(move |(table, path)| vec![Cell::text(origin), Cell::text(table), Cell::text(path)])
    });
    DataTable::new(
        "Paths of columns, `where`, `per` and `rows` that hold nothing in any row: a mistake in the mapping, or a field that nobody fills",
        &["Export", "Table", "Path"],
        rows.collect(),
        MOST_ROWS,
    )
}
