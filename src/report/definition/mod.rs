//! What there is to say of a query: its words, its text, its version, what it reads,
//! the settings in force, and its ledger. The page of definitions and `explain` are
//! two writings of it, so they cannot disagree.

mod glossary;
pub(super) mod page;
mod settings;

use std::collections::BTreeSet;

use serde::Serialize;

use super::marts::Marts;
use super::measures::{self, MeasureName};
use crate::compute;
use crate::config::Config;
use crate::error::Result;
use crate::query::{self, Note, Query, QueryColumn};

pub use settings::Setting;

/// How many characters of a hash tell two versions apart.
const VERSION_LENGTH: usize = 12;

/// A query with all that a reader of its figures may ask.
#[derive(Debug, Clone, Serialize)]
pub struct Definition {
    /// The table that it makes.
    pub name: String,
    /// The folder of its file: `metrics` for marts, `staging` for what they read.
    pub folder: String,
    /// One sentence.
    pub about: String,
    /// What one row is.
    pub grain: String,
    /// The columns that together name one row.
    pub key: Vec<String>,
    /// The headline measures that it defines.
    pub measures: Vec<MeasureName>,
    /// How the definition is read where it leaves room.
    pub notes: Vec<Note>,
    /// The columns of its rows.
    pub columns: Vec<ColumnMeaning>,
    /// What it is made of: queries in the order in which they run, then tables.
    pub reads: Vec<Reading>,
    /// The settings of the last run that it or what it reads depends on.
    pub settings: Vec<Setting>,
    /// The rows that its metric was given, used and left out; none where `coverage`
    /// has no ledger for it.
    pub ledger: Option<Ledger>,
    /// Its file.
    pub file: String,
    /// Whether the file is built in or the project's.
    pub origin: &'static str,
    /// The SHA-256 of its text.
    pub sha256: String,
    /// Enough of the hash to tell two versions apart.
    pub version: String,
    /// Whether the last run was made by this very text; none for what is not kept.
    pub is_current: Option<bool>,
    /// The rows of the last run; none for what is not kept.
    pub row_count: Option<u64>,
    /// Its text.
    pub sql: String,
}

/// What a column holds.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnMeaning {
    /// Its name.
    pub name: String,
    /// Its type; `double?` may be null.
    pub column_type: String,
    /// What it means.
    pub about: String,
}

/// Something that a query is made of.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// query, table of the contract or setting.
    pub kind: &'static str,
    /// Whether the query names it itself, and not only through what it reads.
    pub is_direct: bool,
    /// What it holds, or whether a source feeds it.
    pub about: String,
    /// The version of a query.
    pub version: Option<String>,
    /// The folder of a query's file.
    pub folder: Option<String>,
}

/// Rows in = rows used + rows dropped, by rule.
#[derive(Debug, Clone, Serialize)]
pub struct Ledger {
    /// The metric of `coverage`.
    pub metric: String,
    /// The rules: in, used, then what dropped rows.
    pub lines: Vec<LedgerLine>,
    /// Rows given.
    pub rows_in: i64,
    /// Rows used.
    pub rows_used: i64,
    /// Rows left out.
    pub rows_dropped: i64,
    /// Whether every row is accounted for.
    pub adds_up: bool,
}

/// One line of the ledger.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerLine {
    /// in, used or dropped.
    pub kind: String,
    /// The rule.
    pub rule: String,
    /// Rows.
    pub row_count: i64,
    /// What the rule means.
    pub explanation: String,
}

/// Returns the definitions of the project: marts by name, then what they read.
pub(super) fn load_definitions(config: &Config, marts: &Marts) -> Result<Vec<Definition>> {
    let given = compute::given_tables();
    let queries = query::order_queries(query::load_queries(&config.root)?, &given)?;
    let mut definitions = Vec::new();
    for query in &queries {
        definitions.push(define(query, &queries, marts)?);
    }
    definitions.sort_by(|a, b| {
        let rank = |d: &Definition| (d.folder == "staging", d.name.clone());
        rank(a).cmp(&rank(b))
    });
    Ok(definitions)
}

fn define(query: &Query, queries: &[Query], marts: &Marts) -> Result<Definition> {
    let behind = query::queries_behind(queries, &query.name);
    let tables: BTreeSet<&str> = behind
        .iter()
        .flat_map(|behind| behind.reads.iter().map(String::as_str))
        .filter(|name| !queries.iter().any(|query| query.name == *name))
        .collect();
    let stored = marts.stored(&query.name);
    let sha256 = query.sha256();
    Ok(Definition {
        name: query.name.clone(),
        folder: query.folder.clone(),
        about: query.about.clone(),
        grain: query.grain.clone(),
        key: query.key.clone(),
        measures: measures::measure_names()
            .filter(|measure| measure.mart == query.name)
            .collect(),
        notes: query.notes(),
        columns: query.columns.iter().map(describe_column).collect(),
        reads: readings(query, &behind, &tables, marts),
        settings: settings::settings_in_force(marts, &tables)?,
        ledger: ledger(marts, &query.name)?,
        file: query.file.clone(),
        origin: query.origin.as_str(),
        version: version(&sha256),
        is_current: stored.map(|stored| stored.query_sha256 == sha256),
        row_count: stored.map(|stored| stored.rows),
        sha256,
        sql: query.sql.clone(),
    })
}

fn version(sha256: &str) -> String {
    sha256.chars().take(VERSION_LENGTH).collect()
}

fn describe_column(column: &QueryColumn) -> ColumnMeaning {
    let mark = if column.is_nullable { "?" } else { "" };
    ColumnMeaning {
        name: column.name.clone(),
        column_type: format!("{}{mark}", column.query_type.as_str()),
        about: column.about.clone(),
    }
}

fn readings(
    query: &Query,
    behind: &[&Query],
    tables: &BTreeSet<&str>,
    marts: &Marts,
) -> Vec<Reading> {
    let is_direct = |name: &str| query.reads.iter().any(|read| read == name);
    let others = behind.iter().filter(|other| other.name != query.name);
    let queries = others.map(|other| Reading {
        name: other.name.clone(),
        kind: "query",
        is_direct: is_direct(&other.name),
        about: other.about.clone(),
        version: Some(version(&other.sha256())),
        folder: Some(other.folder.clone()),
    });
    let is_setting = |name: &str| compute::settings_names().any(|setting| setting == name);
    let tables = tables.iter().map(|&name| Reading {
        name: name.to_owned(),
        kind: match is_setting(name) {
            true => "setting",
            false => "table of the contract",
        },
        is_direct: is_direct(name),
        about: match (is_setting(name), marts.is_fed(name)) {
            (true, _) => "written by the run".to_owned(),
            (false, true) => "fed".to_owned(),
            (false, false) => format!("no data: feed {name}"),
        },
        version: None,
        folder: None,
    });
    queries.chain(tables).collect()
}

/// Reads the ledger of a metric from the mart `coverage`.
fn ledger(marts: &Marts, metric: &str) -> Result<Option<Ledger>> {
    if !marts.has("coverage") {
        return Ok(None);
    }
    let coverage = marts.rows("coverage")?;
    let mut lines = Vec::new();
    for row in coverage.indices() {
        if coverage.text("metric", row)? == Some(metric) {
            let text = |name| -> Result<String> {
                Ok(coverage.text(name, row)?.unwrap_or_default().to_owned())
            };
            lines.push(LedgerLine {
                kind: text("kind")?,
                rule: text("rule")?,
                row_count: coverage.integer("row_count", row)?.unwrap_or(0),
                explanation: text("explanation")?,
            });
        }
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let place = |kind: &str| ["in", "used", "dropped"].iter().position(|k| *k == kind);
    lines.sort_by_key(|line| place(&line.kind));
    let sum = |kind: &str| -> i64 {
        let of_kind = lines.iter().filter(|line| line.kind == kind);
        of_kind.map(|line| line.row_count).sum()
    };
    let (rows_in, rows_used, rows_dropped) = (sum("in"), sum("used"), sum("dropped"));
    Ok(Some(Ledger {
        metric: metric.to_owned(),
        lines,
        rows_in,
        rows_used,
        rows_dropped,
        adds_up: rows_in == rows_used + rows_dropped,
    }))
}
