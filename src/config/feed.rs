//! What is made of an export: which table its rows feed, which rows, and how.
//!
//! One export may feed several tables. A preset brings feeds, and a source may lay
//! its own words over them.

use std::collections::BTreeMap;

use regex::Regex;

use super::entry::Entry;
use super::export_format::ExportFormat;
use super::mapping::{ColumnMapping, Origin, pattern_hint, read_columns};
use super::section::Section;
use crate::contract::{self, Table};
use crate::error::nearest;
use crate::fs;

/// One table that an export feeds.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The table.
    pub table: &'static Table,
    /// How the export is written.
    pub format: ExportFormat,
    /// Which rows are read, by path; all conditions must hold.
    pub filters: BTreeMap<String, Filter>,
    /// Of several rows with one key, which is read.
    pub keep: Option<Keep>,
    /// Whether an export of which it keeps no row is no error.
    pub may_be_empty: bool,
    /// Whether a column of the export named as one of the contract feeds it.
    pub columns_by_name: bool,
    /// How single columns are fed, by the contract's name.
    pub columns: BTreeMap<&'static str, ColumnMapping>,
}

impl Feed {
    /// Returns whether a path of a table is declared as one that exports may lack.
    pub fn may_lack(&self, table: &str, path: &str) -> bool {
        let is_of_path = |mapping: &&ColumnMapping| match &mapping.origin {
            Origin::Paths(paths) => paths.iter().any(|own| own == path),
            _ => false,
        };
        let mut mappings = self.columns.values().filter(is_of_path);
        self.table.name == table && mappings.any(|mapping| mapping.is_optional)
    }

    /// Returns a hash of everything that decides what becomes of a row.
    pub fn fingerprint(&self) -> String {
        fs::sha256(format!("{self:?}").as_bytes())
    }
}

/// A condition on one cell.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The values of which the cell must have one.
    pub any_of: Option<Vec<String>>,
    /// The values of which it must have none; null is none of them.
    pub none_of: Option<Vec<String>>,
    /// Whether it must be null, or must not be.
    pub is_null: Option<bool>,
    /// A regular expression that must be found in it.
    pub matches: Option<Regex>,
}

impl Filter {
    /// Returns whether a cell meets the condition.
    pub fn accepts(&self, cell: Option<&str>) -> bool {
        let text = cell.unwrap_or_default();
        let has = |values: &Vec<String>| values.iter().any(|value| value == text);
        self.any_of.as_ref().is_none_or(has)
            && !self.none_of.as_ref().is_some_and(has)
            && self.is_null.is_none_or(|null| null == cell.is_none())
            && self.matches.as_ref().is_none_or(|it| it.is_match(text))
    }
}

/// Which of several rows with one key is read, in the order of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// The last instead of the first.
    pub is_last: bool,
    /// The columns or paths that make the key.
    pub per: Vec<String>,
}

/// What one section says of a feed.
#[derive(Debug, Clone, Default)]
pub(super) struct FeedWords {
    pub(super) table: Option<&'static Table>,
    rows: Option<String>,
    filters: BTreeMap<String, Filter>,
    keep: Option<Keep>,
    may_be_empty: Option<bool>,
    columns_by_name: Option<bool>,
    columns: BTreeMap<&'static str, ColumnMapping>,
}

impl FeedWords {
    /// Reads the words of a feed from its own section or from that of its source.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let name = section.text("table");
        let table = name.and_then(|name| find_table(section, name));
        let columns = section.section("columns");
        if name.is_none() && !columns.entries().is_empty() {
            let hint = "with several tables, give each [[sources.feeds]] its own columns";
            columns.problem(
                "expected `table` beside `columns`, found none",
                Some(hint.into()),
            );
        }
        Self {
            rows: section.text("rows").map(str::to_owned),
            filters: read_filters(&section.section("where")),
            keep: read_keep(section),
            may_be_empty: section.boolean("may_be_empty"),
            columns_by_name: section.boolean("columns_by_name"),
            columns: table.map_or_else(BTreeMap::new, |table| read_columns(&columns, table)),
            table,
        }
    }

    /// Returns these words laid over those of a preset's feed.
    pub(super) fn over(&self, preset: &Self) -> Self {
        let mut filters = preset.filters.clone();
        filters.extend(self.filters.clone());
        let mut columns = preset.columns.clone();
        columns.extend(self.columns.clone());
        Self {
            table: preset.table,
            rows: self.rows.clone().or_else(|| preset.rows.clone()),
            filters,
            keep: self.keep.clone().or_else(|| preset.keep.clone()),
            may_be_empty: self.may_be_empty.or(preset.may_be_empty),
            columns_by_name: self.columns_by_name.or(preset.columns_by_name),
            columns,
        }
    }

    /// Returns these words with what the source says of all its feeds: rows that are
    /// left out of the source are left out of each. Columns are those of one table.
    pub(super) fn within(&self, source: &Self) -> Self {
        self.over(&Self {
            table: self.table,
            columns: BTreeMap::new(),
            ..source.clone()
        })
    }

    /// Returns the words of a preset's feed beside others: an export of the tool may
    /// well have nothing for it, but for what the records themselves feed.
    pub(super) fn beside_others(&self, is_first: bool) -> Self {
        let may_be_empty = !is_first || !self.filters.is_empty();
        Self {
            may_be_empty: self.may_be_empty.or(Some(may_be_empty)),
            ..self.clone()
        }
    }

    /// Returns these words laid over those of a preset's feed. Rows that the project
    /// selects itself are expected to be there, unless it or its source says otherwise.
    pub(super) fn over_feed(&self, preset: &Self, source: &Self) -> Self {
        let selects = self.rows.is_some() || !self.filters.is_empty();
        Self {
            may_be_empty: match selects {
                true => self.may_be_empty.or(source.may_be_empty),
                false => self.may_be_empty.or(preset.may_be_empty),
            },
            ..self.over(preset)
        }
    }

    pub(super) fn build(&self, table: &'static Table, format: &ExportFormat) -> Feed {
        Feed {
            table,
            format: ExportFormat {
                rows: self.rows.clone(),
                ..format.clone()
            },
            filters: self.filters.clone(),
            keep: self.keep.clone(),
            may_be_empty: self.may_be_empty.unwrap_or(false),
            columns_by_name: self.columns_by_name.unwrap_or(true),
            columns: self.columns.clone(),
        }
    }
}

fn find_table(section: &Section<'_>, name: &str) -> Option<&'static Table> {
    let table = contract::table(name);
    if table.is_none() {
        let hint = nearest(name, contract::tables().map(|t| t.name))
            .map(|known| format!("did you mean `{known}`?"));
        let what = format!("`table`: expected a table of the contract, found `{name}`");
        section.problem_at("table", &what, hint);
    }
    table
}

fn read_keep(section: &Section<'_>) -> Option<Keep> {
    let is_last = section.parsed("keep", |text| match text {
        "first" => Ok(false),
        "last" => Ok(true),
        _ => Err("first or last".into()),
    });
    let per = section.one_or_more("per");
    match (is_last, per) {
        (Some(is_last), Some(per)) => Some(Keep { is_last, per }),
        (None, None) => None,
        _ => {
            let what = "expected `keep` and `per` together, found one of them";
            let hint = "such as keep = \"first\" and per = [\"number\"]";
            section.problem(what, Some(hint.into()));
            None
        }
    }
}

fn read_filters(section: &Section<'_>) -> BTreeMap<String, Filter> {
    let entries = section.entries().into_iter();
    entries
        .filter_map(|(path, entry)| Some((path.to_owned(), read_filter(path, &entry)?)))
        .collect()
}

fn read_filter(path: &str, entry: &Entry<'_>) -> Option<Filter> {
    let one = entry.text().map(|text| vec![text.to_owned()]);
    if let Some(any_of) = entry.texts().or(one) {
        return Some(Filter {
            any_of: Some(any_of),
            ..Filter::default()
        });
    }
    let Some(section) = entry.section(format!("`{path}` in `where`")) else {
        let what = format!(
            "`{path}` in `where`: expected a list of values or a condition, found {}",
            entry.describe()
        );
        entry.problem(&what, None);
        return None;
    };
    let filter = Filter {
        any_of: section.one_or_more("in"),
        none_of: section.one_or_more("not_in"),
        is_null: section.boolean("is_null"),
        matches: section.parsed_or(
            "matches",
            |text| Regex::new(text).map_err(|_| "a regular expression".to_owned()),
            |text| Some(pattern_hint(text)),
        ),
    };
    section.finish();
    Some(filter)
}
