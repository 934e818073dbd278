//! A small reader that follows the generated configuration, independent of ingest.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::parse_instant;
use crate::config::{Feed, InstantFormat, Origin, load_config};
use crate::contract::{Column, ColumnType};
use crate::fs;

/// A row by the contract's column names, without nulls; instants in RFC 3339.
pub(super) type Row = BTreeMap<&'static str, String>;

/// A generated project, read.
pub(super) struct Project {
    tables: BTreeMap<&'static str, Vec<Row>>,
    /// Why rows were set aside, by table.
    pub(super) rejects: BTreeMap<&'static str, Vec<String>>,
}

impl Project {
    pub(super) fn load(folder: &Path) -> Self {
        let config =
            load_config(&folder.join("plimsoll.toml")).expect("the configuration is right");
        let mut project = Self {
            tables: BTreeMap::new(),
            rejects: BTreeMap::new(),
        };
        for source in &config.sources {
            let pattern = folder.join(&source.path);
            let pattern = pattern.to_str().expect("the temporary folder is UTF-8");
            let mut paths: Vec<_> = glob::glob(pattern)
                .expect("the pattern is right")
                .flatten()
                .collect();
            paths.sort();
            assert!(!paths.is_empty(), "{} has no file", source.path);
            for path in paths {
                for feed in &source.feeds {
                    for record in read_records(feed, &path) {
                        project.take(feed, &record);
                    }
                }
            }
        }
        project
    }

    fn take(&mut self, feed: &Feed, record: &BTreeMap<String, String>) {
        match read_row(feed, record) {
            Ok(row) => self.tables.entry(feed.table.name).or_default().push(row),
            Err(why) => self.rejects.entry(feed.table.name).or_default().push(why),
        }
    }

    /// Returns a table's rows, repeats and earlier versions included.
    pub(super) fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Returns each item once, as it is in its latest row.
    pub(super) fn items(&self) -> Vec<Row> {
        let mut items: BTreeMap<&str, &Row> = BTreeMap::new();
        for row in self.rows("items") {
            let known = items.entry(&row["item_id"]).or_insert(row);
            if instant(&row["updated_at"]) >= instant(&known["updated_at"]) {
                *known = row;
            }
        }
        items.into_values().cloned().collect()
    }
}

/// Returns the instant of a read value; a date is its midnight in UTC.
pub(super) fn instant(text: &str) -> DateTime<Utc> {
    parse_instant(text, chrono_tz::UTC).expect("only instants were kept")
}

fn read_records(feed: &Feed, path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = fs::read(path).expect("the file was listed");
    if path.extension().is_some_and(|e| e == "ndjson") {
        let text = String::from_utf8(bytes).expect("JSON is UTF-8");
        return text.lines().map(read_object).collect();
    }
    let text = match feed.format.encoding {
        it if it == encoding_rs::UTF_8 => String::from_utf8(bytes).expect("it is UTF-8"),
        _ => bytes.iter().map(|&byte| char::from(byte)).collect(),
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(feed.format.separator)
        .from_reader(text.as_bytes());
    let header = reader.headers().expect("there is a header").clone();
    let names: HashSet<&str> = header.iter().collect();
    assert_eq!(names.len(), header.len(), "{}", path.display());
    let records = reader
        .records()
        .map(|record| record.expect("it is well formed"));
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    records
        .map(|record| header.iter().zip(record.iter()).map(pair).collect())
        .collect()
}

fn read_object(line: &str) -> BTreeMap<String, String> {
    let value: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
    let mut record = BTreeMap::new();
    flatten("", &value, &mut record);
    record
}

fn flatten(path: &str, value: &serde_json::Value, record: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                flatten(&path, value, record);
            }
        }
        serde_json::Value::Null => _ = record.insert(path.to_owned(), String::new()),
        serde_json::Value::String(text) => _ = record.insert(path.to_owned(), text.clone()),
        other => _ = record.insert(path.to_owned(), other.to_string()),
    }
}

fn read_row(feed: &Feed, record: &BTreeMap<String, String>) -> Result<Row, String> {
    let mut row = Row::new();
    for column in feed.table.columns {
        let value = read_value(feed, record, column)?;
        if value.is_empty() || feed.format.nulls.contains(&value) {
            if column.is_required {
                return Err(format!("{}: missing", column.name));
            }
            continue;
        }
        row.insert(column.name, value);
    }
    Ok(row)
}

fn read_value(
    feed: &Feed,
    record: &BTreeMap<String, String>,
    column: &Column,
) -> Result<String, String> {
    let Some(mapping) = feed.columns.get(column.name) else {
        let found = record.get(column.name).cloned().unwrap_or_default();
        return check(feed, column, None, found);
    };
    let raw = match &mapping.origin {
        Origin::Paths(paths) => {
            let path = &paths[0];
            let found = record.get(path);
            found
                .unwrap_or_else(|| panic!("{}: no column `{path}`", feed.table.name))
                .clone()
        }
        Origin::Constant(text) => text.clone(),
        Origin::Template(text) => text.replace("{Issue key}", &record["Issue key"]),
    };
    let word = mapping
        .map
        .as_ref()
        .and_then(|map| map.get(&raw))
        .unwrap_or(&raw);
    check(feed, column, mapping.formats.first(), word.clone())
}

fn check(
    feed: &Feed,
    column: &Column,
    format: Option<&InstantFormat>,
    value: String,
) -> Result<String, String> {
    let is_null = value.is_empty() || feed.format.nulls.contains(&value);
    let wrong = || format!("{}: {value}", column.name);
    let is_legal = match column.column_type {
        _ if is_null => true,
        ColumnType::Instant => return read_instant(feed, format, &value).ok_or_else(wrong),
        ColumnType::Word(words) => words.contains(&value.as_str()),
        ColumnType::Date => value.parse::<NaiveDate>().is_ok(),
        ColumnType::Float => value.parse::<f64>().is_ok_and(f64::is_finite),
        ColumnType::Hours | ColumnType::Minutes => {
            value.parse::<f64>().is_ok_and(|number| number >= 0.0)
        }
        ColumnType::Integer => value.parse::<i64>().is_ok(),
        ColumnType::Boolean => {
            ["yes", "no", "Yes", "No", "true", "false"].contains(&value.as_str())
        }
        ColumnType::Text | ColumnType::List => true,
    };
    if is_legal { Ok(value) } else { Err(wrong()) }
}

fn read_instant(feed: &Feed, format: Option<&InstantFormat>, value: &str) -> Option<String> {
    let read = match format {
        Some(InstantFormat::EpochSeconds) => DateTime::from_timestamp(value.parse().ok()?, 0)?,
        Some(InstantFormat::EpochMilliseconds) => {
            DateTime::from_timestamp_millis(value.parse().ok()?)?
        }
        Some(InstantFormat::EpochMicroseconds) => {
            DateTime::from_timestamp_micros(value.parse().ok()?)?
        }
        // No generated export has them.
        Some(InstantFormat::SpreadsheetDays) => return None,
        Some(InstantFormat::Pattern(pattern)) => pattern.read(value, feed.format.time_zone)?,
        None => parse_instant(value, feed.format.time_zone)?,
    };
    Some(read.to_rfc3339())
}
