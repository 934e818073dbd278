//! A batch of text → typed columns, and the rows that had to be set aside.
//!
//! Column by column: every cell is parsed as its column's type; the first bad cell
//! of a row sets the row aside, with what was expected and what was found there.

use std::borrow::Cow;

use polars::prelude::{
    BooleanChunked, Column as FrameColumn, DataFrame, DataType, IntoColumn, NewChunkedArray,
    PolarsError, StringChunked, TimeUnit,
};

use super::batch::RawBatch;
use super::cell;
use super::plan::{Field, Part, Plan, Recipe};
use super::rejects::Reject;
use crate::config::{Source, Unit};
use crate::contract::{Column, ColumnType};
use crate::error::{Error, ErrorKind, Result};

/// The column that holds the order of rows across files; not part of the lake.
pub(super) const ORDER: &str = "row_order";

/// The outcome of one batch. Rows in = rows of `frame` + `rejects` + `filtered`.
pub(super) struct Converted {
    pub(super) frame: DataFrame,
    pub(super) rejects: Vec<Reject>,
    pub(super) filtered: u64,
}

/// Converts a batch. `first_order` numbers its first row among all of the table.
pub(super) fn convert(
    batch: &RawBatch,
    plan: &Plan,
    source: &Source,
    origin: &str,
    first_order: i64,
) -> Result<Converted> {
    let height = batch.lines.len();
    let keep = filter(batch, plan);
    let mut bad: Vec<Option<Bad>> = vec![None; height];
    let mut columns = Vec::new();
    for column in source.table.columns {
        let field = plan.fields.iter().find(|field| field.column == column);
        let cells = Cells {
            batch,
            field,
            source,
        };
        let built = cells.column(column, &keep, &mut bad);
        columns.push(built.map_err(|e| internal(&e))?);
    }
    columns.push(FrameColumn::new("source_file".into(), vec![origin; height]));
    columns.push(FrameColumn::new(
        "source_line".into(),
        batch.lines.as_slice(),
    ));
    let order: Vec<i64> = (first_order..).take(height).collect();
    columns.push(FrameColumn::new(ORDER.into(), order));
    let frame = DataFrame::new(height, columns).map_err(|e| internal(&e))?;
    let mask: Vec<bool> = keep
        .iter()
        .zip(&bad)
        .map(|(keep, bad)| *keep && bad.is_none())
        .collect();
    let frame = frame
        .filter(&BooleanChunked::from_slice("mask".into(), &mask))
        .map_err(|e| internal(&e))?;
    Ok(Converted {
        frame,
        rejects: rejects(batch, plan, source, origin, bad),
        filtered: keep.iter().filter(|keep| !**keep).count() as u64,
    })
}

pub(super) fn internal(error: &PolarsError) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("cannot build a table: {error}"),
    )
}

#[derive(Clone)]
struct Bad {
    column: &'static str,
    expected: String,
    found: String,
}

fn rejects(
    batch: &RawBatch,
    plan: &Plan,
    source: &Source,
    origin: &str,
    bad: Vec<Option<Bad>>,
) -> Vec<Reject> {
    let reject = |line, column: &str, expected, found, raw| Reject {
        source: source.name.clone(),
        table: source.table.name,
        file: origin.to_owned(),
        line,
        column: column.to_owned(),
        expected,
        found,
        raw,
    };
    let malformed = batch.malformed.iter().map(|row| {
        reject(
            row.line,
            "",
            row.expected.clone(),
            row.found.clone(),
            row.raw.clone(),
        )
    });
    let bad_rows = bad.into_iter().enumerate().filter_map(|(row, bad)| {
        let bad = bad?;
        let raw = raw_row(batch, plan, row);
        Some(reject(
            batch.lines[row],
            bad.column,
            bad.expected,
            bad.found,
            raw,
        ))
    });
    malformed.chain(bad_rows).collect()
}

fn raw_row(batch: &RawBatch, plan: &Plan, row: usize) -> String {
    let cells = plan.paths.iter().zip(&batch.columns);
    let object: serde_json::Map<String, serde_json::Value> = cells
        .map(|(path, column)| (path.clone(), column.get(row).into()))
        .collect();
    serde_json::Value::Object(object).to_string()
}

fn filter(batch: &RawBatch, plan: &Plan) -> Vec<bool> {
    let keeps = |row| {
        plan.filters.iter().all(|(place, values)| {
            let found = batch.columns[*place].get(row).unwrap_or_default();
            values.iter().any(|value| value == found)
        })
    };
    (0..batch.lines.len()).map(keeps).collect()
}

/// The cells of one column of the contract.
struct Cells<'a> {
    batch: &'a RawBatch,
    field: Option<&'a Field>,
    source: &'a Source,
}

impl<'a> Cells<'a> {
    fn column(
        &self,
        column: &'static Column,
        keep: &[bool],
        bad: &mut [Option<Bad>],
    ) -> Result<FrameColumn, PolarsError> {
        let name = column.name.into();
        let zone = self.source.time_zone;
        let mapping = self.field.and_then(|field| field.mapping.as_ref());
        let format = mapping.and_then(|m| m.format.as_ref());
        let unit = mapping.and_then(|m| m.unit);
        let duration =
            |text: &str, target| cell::parse_duration(text, unit.unwrap_or(target), target);
        let mut reading = Reading {
            cells: self,
            column,
            keep,
            bad,
        };
        Ok(match column.column_type {
            ColumnType::Text if column.name.ends_with("_id") => {
                reading.texts(|text| Some(text.to_owned()))
            }
            ColumnType::Text | ColumnType::List => {
                reading.texts(|text| Some(text.trim().to_owned()))
            }
            ColumnType::Word(words) => {
                reading.texts(|text| cell::parse_word(text, words).map(str::to_owned))
            }
            ColumnType::Instant => {
                let micros = reading.values(|text| cell::parse_instant(text, format, zone));
                let column = FrameColumn::new(name, micros);
                column.cast(&DataType::Datetime(TimeUnit::Microseconds, None))?
            }
            ColumnType::Date => {
                let days = reading.values(|text| cell::parse_date(text, format, zone));
                FrameColumn::new(name, days).cast(&DataType::Date)?
            }
            ColumnType::Float => FrameColumn::new(name, reading.values(cell::parse_number)),
            ColumnType::Hours => {
                FrameColumn::new(name, reading.values(|text| duration(text, Unit::Hours)))
            }
            ColumnType::Minutes => {
                FrameColumn::new(name, reading.values(|text| duration(text, Unit::Minutes)))
            }
            ColumnType::Integer => FrameColumn::new(name, reading.values(cell::parse_integer)),
            ColumnType::Boolean => FrameColumn::new(name, reading.values(cell::parse_boolean)),
        })
    }

    fn get(&self, row: usize) -> Option<Cow<'a, str>> {
        let field = self.field?;
        let text = match &field.recipe {
            Recipe::Path(place) => Cow::Borrowed(self.cell(*place, row)?),
            Recipe::Constant(text) => Cow::Borrowed(text.as_str()),
            Recipe::Template(parts) => Cow::Owned(self.fill(parts, row)?),
        };
        let Some(mapping) = &field.mapping else {
            return Some(text);
        };
        let Some(map) = &mapping.map else {
            return Some(text);
        };
        match map.get(text.as_ref()).or(mapping.otherwise.as_ref()) {
            Some(meaning) if meaning.is_empty() => None,
            Some(meaning) => Some(Cow::Borrowed(meaning.as_str())),
            None => Some(text),
        }
    }

    fn cell(&self, place: usize, row: usize) -> Option<&'a str> {
        let text = self.batch.columns[place].get(row)?;
        (!self.source.nulls.contains(text)).then_some(text)
    }

    fn fill(&self, parts: &[Part], row: usize) -> Option<String> {
        let mut text = String::new();
        for part in parts {
            text.push_str(match part {
                Part::Text(text) => text,
                Part::Path(place) => self.cell(*place, row)?,
            });
        }
        Some(text)
    }
}

/// One pass over a column's cells.
struct Reading<'a, 'b> {
    cells: &'b Cells<'a>,
    column: &'static Column,
    keep: &'b [bool],
    bad: &'b mut [Option<Bad>],
}

impl Reading<'_, '_> {
    fn texts(&mut self, parse: impl Fn(&str) -> Option<String>) -> FrameColumn {
        let values = self.values(parse);
        let texts: StringChunked = values.iter().map(Option::as_deref).collect();
        texts.with_name(self.column.name.into()).into_column()
    }

    fn values<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
        (0..self.keep.len())
            .map(|row| self.value(row, &parse))
            .collect()
    }

    fn value<T>(&mut self, row: usize, parse: &impl Fn(&str) -> Option<T>) -> Option<T> {
        if !self.keep[row] {
            return None;
        }
        let is_id = self.column.name.ends_with("_id");
        let is_there = |text: &Cow<'_, str>| is_id || !text.trim().is_empty();
        let Some(text) = self.cells.get(row).filter(is_there) else {
            if self.column.is_required {
                self.note(row, self.column.column_type.expectation(), "nothing".into());
            }
            return None;
        };
        let value = parse(&text);
        if value.is_none() {
            self.note(
                row,
                self.column.column_type.expectation(),
                text.into_owned(),
            );
        }
        value
    }

    fn note(&mut self, row: usize, expected: String, found: String) {
        let bad = Bad {
            column: self.column.name,
            expected,
            found,
        };
        self.bad[row].get_or_insert(bad);
    }
}
