//! `[[sources]]`: where an export lies, and how its columns become the contract's.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::section::{Entry, Section, text_map};
use crate::contract::{self, ColumnType, Table};
use crate::error::nearest;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Separated values with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// One JSON document.
    Json,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "csv" | "tsv" => Ok(Self::Csv),
            "ndjson" | "jsonl" => Ok(Self::Ndjson),
            "json" => Ok(Self::Json),
            "parquet" => Ok(Self::Parquet),
            _ => Err("csv, ndjson, json or parquet".into()),
        }
    }
}

/// How an export's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// The Western European code page; includes what is called latin-1.
    Windows1252,
    /// UTF-16, by its byte-order mark, little-endian without one.
    Utf16,
}

/// What unit a duration is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
}

impl Unit {
    /// Returns the length of one unit in seconds.
    pub fn seconds(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Minutes => 60.0,
            Self::Hours => 3_600.0,
            Self::Days => 86_400.0,
        }
    }
}

/// How an instant or a date is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstantFormat {
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// A strftime pattern.
    Pattern(String),
}

/// Where a column's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A column of the export, or a path into its objects.
    Path(String),
    /// The same value in every row.
    Constant(String),
    /// Text with `{path}` in it; null where one of them is null.
    Template(String),
}

/// How one column of the contract is fed.
#[derive(Debug, Clone)]
pub struct ColumnMapping {
    /// Where the value comes from.
    pub origin: Origin,
    /// How an instant is written.
    pub format: Option<InstantFormat>,
    /// The unit that a duration is written in.
    pub unit: Option<Unit>,
    /// The source's words and what they mean.
    pub map: Option<BTreeMap<String, String>>,
    /// What a word outside the map means; without it the word is kept.
    pub otherwise: Option<String>,
}

/// One export, feeding one table.
#[derive(Debug, Clone)]
pub struct Source {
    /// A name of the user's, unique in the file.
    pub name: String,
    /// The table that it feeds.
    pub table: &'static Table,
    /// A file or a glob, relative to the project's folder.
    pub path: String,
    /// The format; `None` is told by the file's ending.
    pub format: Option<Format>,
    /// The zone of instants that are written without one.
    pub time_zone: Tz,
    /// The separator of a CSV.
    pub separator: u8,
    /// The encoding of text.
    pub encoding: Encoding,
    /// Words that mean null, beside the empty field.
    pub nulls: BTreeSet<String>,
    /// The arrays to explode, such as `changelog.histories[].items[]`.
    pub rows: Option<String>,
    /// Paths with the values that keep a row.
    pub filters: BTreeMap<String, Vec<String>>,
    /// Whether an export without rows is no error.
    pub allow_empty: bool,
    /// Whether a column of the export named as one of the contract feeds it.
    pub columns_by_name: bool,
    /// How single columns are fed, by the contract's name.
    pub columns: BTreeMap<&'static str, ColumnMapping>,
    /// The line of the configuration on which the source starts.
    pub line: usize,
}

pub(super) fn read_sources(sections: &[Section<'_>], zone: Tz) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for section in sections {
        let Some(source) = read_source(section, zone) else {
            continue;
        };
        if sources.iter().any(|s| s.name == source.name) {
            let what = format!("expected one source named `{}`, found two", source.name);
            section.problem_at("name", &what, None);
        }
        sources.push(source);
    }
    sources
}

fn read_source(section: &Section<'_>, zone: Tz) -> Option<Source> {
    let name = section.required_text("name");
    let table = section.required_text("table");
    let table = table.and_then(|table| find_table(section, table));
    let path = section.required_text("path");
    let format = section.parsed("format", Format::parse);
    let time_zone = section.parsed("time_zone", super::parse_zone);
    let separator = section.parsed("separator", parse_separator);
    let encoding = section.parsed("encoding", parse_encoding);
    let nulls = section.texts("nulls").unwrap_or_default();
    let rows = section.text("rows").map(str::to_owned);
    let filters = read_filters(&section.section("where"));
    let allow_empty = section.boolean("allow_empty").unwrap_or(false);
    let columns_by_name = section.boolean("columns_by_name").unwrap_or(true);
    let columns = section.section("columns");
    section.finish();
    let table = table?;
    Some(Source {
        name: name?.to_owned(),
        table,
        path: path?.to_owned(),
        format,
        time_zone: time_zone.unwrap_or(zone),
        separator: separator.unwrap_or(b','),
        encoding: encoding.unwrap_or(Encoding::Utf8),
        nulls: nulls.into_iter().collect(),
        rows,
        filters,
        allow_empty,
        columns_by_name,
        columns: read_columns(&columns, table),
        line: section.line(),
    })
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

fn parse_separator(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        _ => Err("one character such as `;`".into()),
    }
}

fn parse_encoding(text: &str) -> Result<Encoding, String> {
    match text.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "windows-1252" | "latin-1" | "iso-8859-1" => Ok(Encoding::Windows1252),
        "utf-16" | "utf16" => Ok(Encoding::Utf16),
        _ => Err("utf-8, windows-1252 or utf-16".into()),
    }
}

fn read_filters(section: &Section<'_>) -> BTreeMap<String, Vec<String>> {
    let mut filters = BTreeMap::new();
    for (path, entry) in section.entries() {
        let one = entry.text().map(|text| vec![text.to_owned()]);
        match entry.texts().or(one) {
            Some(values) => {
                filters.insert(path.to_owned(), values);
            }
            None => {
                let what = format!(
                    "`{path}` in `where`: expected a list of values, found {}",
                    entry.describe()
                );
                entry.problem(&what, None);
            }
        }
    }
    filters
}

fn read_columns(
    section: &Section<'_>,
    table: &'static Table,
) -> BTreeMap<&'static str, ColumnMapping> {
    let mut columns = BTreeMap::new();
    for (name, entry) in section.entries() {
        let Some(column) = table.column(name) else {
            let hint = nearest(name, table.columns.iter().map(|c| c.name))
                .map(|known| format!("did you mean `{known}`?"));
            let what = format!("expected a column of `{}`, found `{name}`", table.name);
            entry.problem(&what, hint);
            continue;
        };
        if let Some(mapping) = read_mapping(&entry, name, column.column_type) {
            columns.insert(column.name, mapping);
        }
    }
    columns
}

fn read_mapping(entry: &Entry<'_>, name: &str, column_type: ColumnType) -> Option<ColumnMapping> {
    if let Some(path) = entry.text() {
        return Some(ColumnMapping {
            origin: Origin::Path(path.to_owned()),
            format: None,
            unit: None,
            map: None,
            otherwise: None,
        });
    }
    let Some(section) = entry.section(format!("column `{name}`")) else {
        let found = entry.describe();
        entry.problem(
            &format!("`{name}`: expected a source column, found {found}"),
            None,
        );
        return None;
    };
    let origins = [
        section.text("from").map(|t| Origin::Path(t.to_owned())),
        section
            .text("constant")
            .map(|t| Origin::Constant(t.to_owned())),
        section
            .text("template")
            .map(|t| Origin::Template(t.to_owned())),
    ];
    let mapping_section = section.section("map");
    let map = text_map(&mapping_section);
    let format = section.parsed("format", parse_format);
    let unit = section.parsed("unit", parse_unit);
    let otherwise = section.text("otherwise").map(str::to_owned);
    section.finish();
    if unit.is_some() && !matches!(column_type, ColumnType::Hours | ColumnType::Minutes) {
        section.problem_at(
            "unit",
            &format!("`{name}` is no duration and takes no `unit`"),
            None,
        );
    }
    let takes_format = matches!(column_type, ColumnType::Instant | ColumnType::Date);
    if format.is_some() && !takes_format {
        section.problem_at(
            "format",
            &format!("`{name}` is no date and takes no `format`"),
            None,
        );
    }
    for origin in origins.iter().flatten() {
        if let Origin::Template(text) = origin
            && text.matches('{').count() != text.matches('}').count()
        {
            let what = format!("`template` of `{name}`: expected `{{column}}`, found `{text}`");
            section.problem_at("template", &what, None);
        }
    }
    let mut given: Vec<Origin> = origins.into_iter().flatten().collect();
    if given.len() != 1 {
        let what = format!(
            "`{name}`: expected one of `from`, `constant` and `template`, found {}",
            given.len()
        );
        section.problem(&what, None);
        return None;
    }
    Some(ColumnMapping {
        origin: given.remove(0),
        format,
        unit,
        map: (!map.is_empty()).then_some(map),
        otherwise,
    })
}

fn parse_format(text: &str) -> Result<InstantFormat, String> {
    match text {
        "epoch_s" => Ok(InstantFormat::EpochSeconds),
        "epoch_ms" => Ok(InstantFormat::EpochMilliseconds),
        pattern if is_pattern(pattern) => Ok(InstantFormat::Pattern(pattern.to_owned())),
        _ => Err("epoch_s, epoch_ms or a pattern such as `%d/%m/%Y %H:%M`".into()),
    }
}

fn is_pattern(text: &str) -> bool {
    use chrono::format::{Item, StrftimeItems};
    let mut items = StrftimeItems::new(text).peekable();
    items.peek().is_some() && text.contains('%') && items.all(|item| item != Item::Error)
}

fn parse_unit(text: &str) -> Result<Unit, String> {
    match text {
        "seconds" => Ok(Unit::Seconds),
        "minutes" => Ok(Unit::Minutes),
        "hours" => Ok(Unit::Hours),
        "days" => Ok(Unit::Days),
        _ => Err("seconds, minutes, hours or days".into()),
    }
}
