//! How one column of the contract is made from an export.

use std::collections::BTreeMap;

use regex::Regex;

use super::cell_format::{DurationUnit, InstantFormat};
use super::entry::{Entry, near_word, text_map};
use super::section::Section;
use crate::contract::{ColumnType, Table};
use crate::error::nearest;

/// Where a column's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Columns of the export, or paths into its objects: the first that is not null.
    Paths(Vec<String>),
    /// The same value in every row.
    Constant(String),
    /// Text with `{path}` in it; null where one of them is null.
    Template(String),
}

impl Origin {
    /// Returns the origin of a column that is only renamed.
    pub fn path(path: &str) -> Self {
        Self::Paths(vec![path.to_owned()])
    }
}

/// A duration that is added to an instant, such as the length of a run to its start.
/// Where it is null, so is the sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Addition {
    /// The column of the export, or the path.
    pub path: String,
    /// The unit that it is written in.
    pub unit: DurationUnit,
}

/// How one column of the contract is fed. The steps in their order: the value of
/// the origin, `extract`, `map` and `otherwise`, `default`, then the column's type, at last `times` and `plus`.
#[derive(Debug, Clone)]
pub struct ColumnMapping {
    /// Where the value comes from.
    pub origin: Origin,
    /// How an instant is written; the first pattern that fits.
    pub formats: Vec<InstantFormat>,
    /// The unit that a duration is written in.
    pub unit: Option<DurationUnit>,
    /// What a number is multiplied by.
    pub times: Option<f64>,
    /// What is added to an instant.
    pub plus: Option<Addition>,
    /// Whether the export may be without the column.
    pub is_optional: bool,
    /// What is taken out of the text: the first group, or the whole match.
    pub extract: Option<Regex>,
    /// The source's words and what they mean; an empty meaning is null.
    pub map: Option<BTreeMap<String, String>>,
    /// What a word outside the map means; without it the word is kept.
    pub otherwise: Option<String>,
    /// The value where there is none.
    pub default: Option<String>,
    /// What separates a list.
    pub split: Option<String>,
}

impl ColumnMapping {
    /// Returns the mapping of a column that is only renamed.
    pub fn renamed(path: &str) -> Self {
        Self {
            origin: Origin::path(path),
            formats: Vec::new(),
            unit: None,
            times: None,
            plus: None,
            is_optional: false,
            extract: None,
            map: None,
            otherwise: None,
            default: None,
            split: None,
        }
    }
}

pub(super) fn read_columns(
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
        return Some(ColumnMapping::renamed(path));
    }
    let Some(section) = entry.section(format!("column `{name}`")) else {
        let found = entry.describe();
        let what = format!("`{name}`: expected a source column, found {found}");
        entry.problem(&what, None);
        return None;
    };
    let origin = read_origin(&section, name);
    let map = text_map(&section.section("map"));
    let mapping = ColumnMapping {
        formats: read_formats(&section),
        unit: read_unit(&section, name),
        times: read_times(&section, name),
        plus: read_plus(&section, name),
        is_optional: section.boolean("optional").unwrap_or(false),
        extract: section.parsed_or(
            "extract",
            |text| Regex::new(text).map_err(|_| "a regular expression".to_owned()),
            |text| Some(pattern_hint(text)),
        ),
        map: (!map.is_empty()).then_some(map),
        otherwise: section.text("otherwise").map(str::to_owned),
        default: section.text("default").map(str::to_owned),
        split: section.text("split").map(str::to_owned),
        origin: origin.unwrap_or_else(|| Origin::path(name)),
    };
    section.finish();
    check_words(&section, name, column_type, &mapping);
    Some(mapping)
}

/// Returns what is wrong with a regular expression.
pub(super) fn pattern_hint(text: &str) -> String {
    let said = Regex::new(text).err().map(|error| error.to_string());
    let said = said.unwrap_or_default();
    let reason = said.lines().last().unwrap_or_default();
    let reason = reason.trim().trim_start_matches("error: ");
    format!("{reason}; write it in single quotes, so that TOML leaves its backslashes alone")
}

fn read_origin(section: &Section<'_>, name: &str) -> Option<Origin> {
    let origins = [
        section.one_or_more("from").map(Origin::Paths),
        section
            .text("constant")
            .map(|t| Origin::Constant(t.to_owned())),
        section
            .text("template")
            .map(|t| Origin::Template(t.to_owned())),
    ];
    if let Some(Origin::Template(text)) = &origins[2]
        && text.matches('{').count() != text.matches('}').count()
    {
        let what = format!("`template` of `{name}`: expected `{{column}}`, found `{text}`");
        section.problem_at("template", &what, None);
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
    given.pop()
}

fn read_formats(section: &Section<'_>) -> Vec<InstantFormat> {
    let mut formats = Vec::new();
    for text in section.one_or_more("format").unwrap_or_default() {
        match parse_format(&text) {
            Ok(format) => formats.push(format),
            Err(expected) => {
                let what = format!(
                    "`format` in {}: expected {expected}, found `{text}`",
                    section.name
                );
                let hint = "the parts are %Y %m %d %H %M %S, with %b for Jul, %B for July, %y for 26, %p for PM, %z for +0100";
                section.problem_at("format", &what, Some(hint.into()));
            }
        }
    }
    formats
}

fn read_unit(section: &Section<'_>, name: &str) -> Option<DurationUnit> {
    let hours_per_day = section.number("hours_per_day");
    let days_per_week = section.number("days_per_week");
    let unit = section.parsed_or("unit", parse_unit, |text| {
        let hint = "`text` reads units that stand in the cell, such as 2h 30m";
        near_word(text, &UNITS).or(Some(hint.into()))
    });
    for (key, value) in [
        ("hours_per_day", hours_per_day),
        ("days_per_week", days_per_week),
    ] {
        let Some(value) = value else { continue };
        if !matches!(unit, Some(DurationUnit::Text { .. })) || value <= 0.0 {
            let what = format!(
                "`{key}` of `{name}`: expected a number above zero beside `unit = \"text\"`, found {value}"
            );
            section.problem_at(key, &what, None);
        }
    }
    match unit {
        Some(DurationUnit::Text { .. }) => Some(DurationUnit::Text {
            hours_per_day,
            days_per_week: days_per_week.unwrap_or(5.0),
        }),
        other => other,
    }
}

fn read_times(section: &Section<'_>, name: &str) -> Option<f64> {
    let times = section.number("times")?;
    if times.is_finite() && times > 0.0 {
        return Some(times);
    }
    let what = format!("`times` of `{name}`: expected a number above zero, found {times}");
    section.problem_at("times", &what, None);
    None
}

fn read_plus(section: &Section<'_>, name: &str) -> Option<Addition> {
    if !section.has("plus") {
        return None;
    }
    let own = section.section("plus");
    let path = own.required_text("from");
    let unit = read_unit(&own, name);
    own.finish();
    if unit.is_none() && !own.has("unit") {
        let what = format!("`plus` of `{name}`: expected a `unit`, found none");
        let hint = "such as plus = { from = \"duration\", unit = \"seconds\" }";
        section.problem_at("plus", &what, Some(hint.into()));
    }
    Some(Addition {
        path: path?.to_owned(),
        unit: unit?,
    })
}

/// Refuses words that the column's type gives no meaning to.
fn check_words(
    section: &Section<'_>,
    name: &str,
    column_type: ColumnType,
    mapping: &ColumnMapping,
) {
    let is_duration = matches!(column_type, ColumnType::Hours | ColumnType::Minutes);
    let is_measured = is_duration || column_type == ColumnType::Float;
    let is_instant = column_type == ColumnType::Instant;
    let is_date = matches!(column_type, ColumnType::Instant | ColumnType::Date);
    let refusals = [
        ("unit", mapping.unit.is_some() && !is_duration, "duration"),
        ("times", mapping.times.is_some() && !is_measured, "measure"),
        ("plus", mapping.plus.is_some() && !is_instant, "instant"),
        ("format", !mapping.formats.is_empty() && !is_date, "date"),
        (
            "split",
            mapping.split.is_some() && column_type != ColumnType::List,
            "list",
        ),
    ];
    for (key, is_wrong, kind) in refusals {
        if is_wrong {
            let what = format!("`{name}` is no {kind} and takes no `{key}`");
            section.problem_at(key, &what, None);
        }
    }
    let ColumnType::Word(words) = column_type else {
        return;
    };
    let constant = match &mapping.origin {
        Origin::Constant(text) => Some(("constant", text)),
        _ => None,
    };
    let meanings = mapping.map.iter().flat_map(BTreeMap::values);
    let given = meanings
        .map(|text| ("map", text))
        .chain(constant.filter(|_| mapping.map.is_none()))
        .chain(mapping.otherwise.iter().map(|text| ("otherwise", text)))
        .chain(mapping.default.iter().map(|text| ("default", text)));
    for (key, word) in given {
        if !word.is_empty() && !words.contains(&word.as_str()) {
            let hint = nearest(word, words.iter().copied())
                .map(|known| format!("did you mean `{known}`?"));
            let expected = column_type.expectation();
            let what = format!("`{key}` of `{name}`: expected {expected}, found `{word}`");
            section.problem_at(key, &what, hint);
        }
    }
}

fn parse_format(text: &str) -> Result<InstantFormat, String> {
    InstantFormat::parse(text).ok_or_else(|| {
        "epoch_s, epoch_ms, epoch_us, excel or a pattern such as `%d/%m/%Y %H:%M`".to_owned()
    })
}

/// The units of durations.
const UNITS: [&str; 6] = [
    "milliseconds",
    "seconds",
    "minutes",
    "hours",
    "days",
    "text",
];

fn parse_unit(text: &str) -> Result<DurationUnit, String> {
    match text {
        "milliseconds" => Ok(DurationUnit::Milliseconds),
        "seconds" => Ok(DurationUnit::Seconds),
        "minutes" => Ok(DurationUnit::Minutes),
        "hours" => Ok(DurationUnit::Hours),
        "days" => Ok(DurationUnit::Days),
        "text" => Ok(DurationUnit::Text {
            hours_per_day: None,
            days_per_week: 5.0,
        }),
        _ => Err("milliseconds, seconds, minutes, hours, days or text".into()),
    }
}
