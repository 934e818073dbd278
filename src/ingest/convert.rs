//! A batch of text → typed columns, and the rows that had to be set aside.
//!
//! Column by column: every cell is parsed as its column's type; the first bad cell
//! of a row sets the row aside, with what was expected and what was found there.

mod mapped_text;

use std::borrow::Cow;

use polars::prelude::{
    BooleanChunked, Column as FrameColumn, DataFrame, DataType, IntoColumn, NewChunkedArray,
    PolarsError, StringChunked, TimeUnit,
};

use super::batch::RawBatch;
use super::cell;
use super::expectation::expectation;
use super::list;
use super::plan::{Field, Plan, Recipe};
use super::pseudonym::Pseudonyms;
use super::rejects::Reject;
use crate::config::{DurationUnit, Feed, Source};
use crate::contract::{self, Column, ColumnType};
use crate::error::{Error, ErrorKind, Result};
use crate::lake::ORDER;

/// The outcome of one batch. Rows in = rows of `frame` + `rejects` + `filtered`.
pub(super) struct Converted {
    pub(super) frame: DataFrame,
    pub(super) rejects: Vec<Reject>,
    pub(super) filtered: u64,
}

/// What a batch is converted by.
pub(super) struct Context<'a> {
    pub(super) plan: &'a Plan,
    pub(super) source: &'a Source,
    pub(super) feed: &'a Feed,
    pub(super) origin: &'a str,
    pub(super) pseudonyms: &'a Pseudonyms,
}

/// Converts the rows of a batch that are to be read. `first_order` is the place of
/// its first row in the export.
pub(super) fn convert(
    batch: &RawBatch,
    context: &Context<'_>,
    keep: &[bool],
    first_order: i64,
) -> Result<Converted> {
    let height = batch.lines.len();
    let Context {
        plan, feed, origin, ..
    } = *context;
    let mut bad: Vec<Option<Bad>> = vec![None; height];
    let mut columns = Vec::new();
    for column in feed.table.columns {
        let field = plan.fields.iter().find(|field| field.column == column);
        let cells = Cells {
            batch,
            field,
            context,
        };
        let built = cells.column(column, keep, &mut bad);
        columns.push(built.map_err(|e| internal(&e))?);
    }
    let files: Vec<&str> = (0..height).map(|row| batch.file(row, origin)).collect();
    columns.push(FrameColumn::new("source_file".into(), files));
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
        rejects: rejects(batch, context, bad),
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

fn rejects(batch: &RawBatch, context: &Context<'_>, bad: Vec<Option<Bad>>) -> Vec<Reject> {
    let reject = |file: &str, line, column: &str, expected, found, raw| Reject {
        source: context.source.name.clone(),
        table: context.feed.table.name,
        file: file.to_owned(),
        line,
        column: column.to_owned(),
        expected,
        found,
        raw,
    };
    let malformed = batch.malformed.iter().map(|row| {
        reject(
            context.origin,
            row.line,
            "",
            row.expected.clone(),
            row.found.clone(),
            row.raw.clone(),
        )
    });
    let bad_rows = bad.into_iter().enumerate().filter_map(|(row, bad)| {
        let bad = bad?;
        Some(reject(
            batch.file(row, context.origin),
            batch.lines[row],
            bad.column,
            bad.expected,
            bad.found,
            raw_row(batch, context, row),
        ))
    });
    malformed.chain(bad_rows).collect()
}

/// Returns the row as it was read, with pseudonyms for the persons that are mapped.
fn raw_row(batch: &RawBatch, context: &Context<'_>, row: usize) -> String {
    let mut raw = batch.raw(row);
    for field in &context.plan.fields {
        if !context
            .pseudonyms
            .hides(context.feed.table.name, field.column.name)
        {
            continue;
        }
        let Recipe::Paths(places) = &field.recipe else {
            continue;
        };
        for name in places
            .iter()
            .filter_map(|place| batch.columns[*place].get(row))
        {
            let written = serde_json::Value::from(name).to_string();
            let inner = written.trim_matches('"');
            if !inner.trim().is_empty() {
                raw = raw.replace(inner, &context.pseudonyms.pseudonym(name));
            }
        }
    }
    raw
}

/// Returns which rows the conditions of the feed let through.
pub(super) fn filter(batch: &RawBatch, plan: &Plan) -> Vec<bool> {
    let keeps = |row| {
        plan.filters
            .iter()
            .all(|(place, filter)| filter.accepts(batch.columns[*place].get(row)))
    };
    (0..batch.lines.len()).map(keeps).collect()
}

/// The cells of one column of the contract.
struct Cells<'a> {
    batch: &'a RawBatch,
    field: Option<&'a Field>,
    context: &'a Context<'a>,
}

impl<'a> Cells<'a> {
    fn column(
        &self,
        column: &'static Column,
        keep: &[bool],
        bad: &mut [Option<Bad>],
    ) -> Result<FrameColumn, PolarsError> {
        let name = column.name.into();
        let format = &self.context.feed.format;
        let zone = format.time_zone;
        let style = format.number_style();
        let mapping = self.field.and_then(|field| field.mapping.as_ref());
        let formats = mapping.map_or(&[][..], |m| &m.formats);
        let unit = mapping.and_then(|m| m.unit);
        let split = mapping.and_then(|m| m.split.as_deref());
        let times = mapping.and_then(|m| m.times).unwrap_or(1.0);
        let number = |text: &str| finite(cell::parse_number(text, style)? * times);
        let duration = |text: &str, target| {
            let read = cell::parse_duration(text, unit.unwrap_or(target), target, style)?;
            finite(read * times)
        };
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
            ColumnType::Text => {
                let is_hidden = self.person_rows(column);
                reading.texts_of(|row, text| {
                    if is_hidden(row) {
                        return Some(self.context.pseudonyms.pseudonym(text));
                    }
                    Some(text.trim().to_owned())
                })
            }
            ColumnType::List => {
                let texts = reading.values(|text| Some(list::parse_list(text, split)));
                list::list_column(column.name, &texts)
            }
            ColumnType::Word(words) => {
                reading.texts(|text| cell::parse_word(text, words).map(str::to_owned))
            }
            ColumnType::Instant => {
                let micros = reading.values_of(|row, text| {
                    let start = cell::parse_instant(text, formats, zone)?;
                    self.later(row, start)
                });
                let column = FrameColumn::new(name, micros);
                column.cast(&DataType::Datetime(TimeUnit::Microseconds, None))?
            }
            ColumnType::Date => {
                let days = reading.values(|text| cell::parse_date(text, formats, zone));
                FrameColumn::new(name, days).cast(&DataType::Date)?
            }
            ColumnType::Float => FrameColumn::new(name, reading.values(number)),
            ColumnType::Hours => FrameColumn::new(
                name,
                reading.values(|text| duration(text, DurationUnit::Hours)),
            ),
            ColumnType::Minutes => FrameColumn::new(
                name,
                reading.values(|text| duration(text, DurationUnit::Minutes)),
            ),
            ColumnType::Integer => FrameColumn::new(
                name,
                reading.values(|text| cell::parse_integer(text, style)),
            ),
            ColumnType::Boolean => FrameColumn::new(name, reading.values(cell::parse_boolean)),
        })
    }

    /// Returns which rows name a person in this column: all of a column of persons,
    /// and the values of a change of owner.
    fn person_rows(&self, column: &'static Column) -> impl Fn(usize) -> bool + use<'a> {
        let table = self.context.feed.table.name;
        let is_hidden = self.context.pseudonyms.hides(table, column.name);
        let is_value = table == "item_events"
            && ["old_value", "new_value"].contains(&column.name)
            && self.context.pseudonyms.hides("items", "owner");
        let fields = is_value.then(|| {
            let field = self.context.plan.fields.iter();
            let mut field = field.filter(|field| field.column.name == "field");
            Cells {
                batch: self.batch,
                field: field.next(),
                context: self.context,
            }
        });
        move |row| {
            is_hidden
                || fields.as_ref().is_some_and(|cells| {
                    let field = cells.get(row).unwrap_or_default();
                    contract::PERSON_FIELDS.contains(&field.trim().to_lowercase().as_str())
                })
        }
    }
}

fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
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
        self.texts_of(|_, text| parse(text))
    }

    fn texts_of(&mut self, parse: impl Fn(usize, &str) -> Option<String>) -> FrameColumn {
        let values = self.values_of(parse);
        let texts: StringChunked = values.iter().map(Option::as_deref).collect();
        texts.with_name(self.column.name.into()).into_column()
    }

    fn values<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
        self.values_of(|_, text| parse(text))
    }

    fn values_of<T>(&mut self, parse: impl Fn(usize, &str) -> Option<T>) -> Vec<Option<T>> {
        (0..self.keep.len())
            .map(|row| self.value(row, &|text: &str| parse(row, text)))
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
                self.note(row, self.expected(""), "nothing".into());
            }
            return None;
        };
        if is_id && text.contains('\0') {
            let found = text.replace('\0', "␀");
            self.note(row, "an id without NUL characters".into(), found);
            return None;
        }
        let value = parse(&text);
        if value.is_none() {
            let found = match self.cells.addend(row) {
                None => text.clone().into_owned(),
                Some(addend) => format!("{text} plus {addend}"),
            };
            self.note(row, self.expected(&text), found);
        }
        value
    }

    fn expected(&self, found: &str) -> String {
        let format = &self.cells.context.feed.format;
        expectation(self.column, self.cells.field, format, found)
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
