//! One table from all exports that feed it: of rows with one key, the right one.
//!
//! The later `updated_at` wins, then the later pull, then the later line. The
//! result is ordered by key, so that the order of rows in an export never shows.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, ListBuilderTrait, ListStringChunkedBuilder,
    ParquetCompression, ParquetWriter, PolarsError, SortMultipleOptions, TimeUnit,
    UniqueKeepStrategy,
};

use super::convert::{ORDER, internal};
use crate::contract::{ColumnType, SOURCE_COLUMNS, Table};
use crate::error::Result;
use crate::fs;

/// Rows that another row stands for, per export.
#[derive(Default, Debug, PartialEq, Eq)]
pub(super) struct Duplicates {
    /// Exact repeats.
    pub(super) repeated: BTreeMap<String, u64>,
    /// Earlier versions of a key.
    pub(super) superseded: BTreeMap<String, u64>,
}

/// Joins the batches of a table and leaves one row for each key.
pub(super) fn merge(table: &Table, frames: Vec<DataFrame>) -> Result<(DataFrame, Duplicates)> {
    let Some(all) = concatenate(frames)? else {
        return Ok((empty_frame(table)?, Duplicates::default()));
    };
    let mut by: Vec<&str> = table.key.to_vec();
    if table.has_updated_at() {
        by.push("updated_at");
    }
    by.push(ORDER);
    let sorted = all
        .sort(by, SortMultipleOptions::default())
        .map_err(|e| internal(&e))?;
    let key: Vec<String> = table.key.iter().map(|&name| name.to_owned()).collect();
    let last = |frame: &DataFrame, columns: &[String]| {
        frame
            .unique_stable(Some(columns), UniqueKeepStrategy::Last, None)
            .map_err(|e| internal(&e))
    };
    let kept = last(&sorted, &key)?;
    let mut duplicates = Duplicates::default();
    if kept.height() < sorted.height() {
        let everything: Vec<String> = table.columns.iter().map(|c| c.name.to_owned()).collect();
        let distinct = last(&sorted, &everything)?;
        duplicates.repeated = difference(&sorted, &distinct)?;
        duplicates.superseded = difference(&distinct, &kept)?;
    }
    Ok((kept.drop(ORDER).map_err(|e| internal(&e))?, duplicates))
}

fn concatenate(frames: Vec<DataFrame>) -> Result<Option<DataFrame>> {
    let mut frames = frames.into_iter();
    let Some(mut all) = frames.next() else {
        return Ok(None);
    };
    for frame in frames {
        all.vstack_mut_owned(frame).map_err(|e| internal(&e))?;
    }
    Ok(Some(all))
}

fn difference(before: &DataFrame, after: &DataFrame) -> Result<BTreeMap<String, u64>> {
    let mut counts = rows_per_file(before)?;
    for (file, count) in rows_per_file(after)? {
        if let Some(left) = counts.get_mut(&file) {
            *left -= count;
        }
    }
    counts.retain(|_, count| *count > 0);
    Ok(counts)
}

/// Counts the rows that came from each export.
pub(super) fn rows_per_file(frame: &DataFrame) -> Result<BTreeMap<String, u64>> {
    let files = frame.column(SOURCE_COLUMNS[0]).and_then(Column::str);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for file in files.map_err(|e| internal(&e))?.iter().flatten() {
        match counts.get_mut(file) {
            Some(count) => *count += 1,
            None => {
                counts.insert(file.to_owned(), 1);
            }
        }
    }
    Ok(counts)
}

fn empty_frame(table: &Table) -> Result<DataFrame> {
    let empty = |name: &str, data_type: &DataType| Column::new_empty(name.into(), data_type);
    let mut columns: Vec<Column> = table
        .columns
        .iter()
        .map(|column| empty(column.name, &data_type(column.column_type)))
        .collect();
    columns.push(empty(SOURCE_COLUMNS[0], &DataType::String));
    columns.push(empty(SOURCE_COLUMNS[1], &DataType::Int64));
    DataFrame::new(0, columns).map_err(|e| internal(&e))
}

fn data_type(column_type: ColumnType) -> DataType {
    match column_type {
        ColumnType::Text | ColumnType::Word(_) | ColumnType::List => DataType::String,
        ColumnType::Instant => DataType::Datetime(TimeUnit::Microseconds, None),
        ColumnType::Date => DataType::Date,
        ColumnType::Float | ColumnType::Hours | ColumnType::Minutes => DataType::Float64,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Boolean => DataType::Boolean,
    }
}

/// Writes a table as Parquet; lists, which were text so far, become lists.
pub(super) fn write_table(table: &Table, mut frame: DataFrame, path: &Path) -> Result<()> {
    for column in table
        .columns
        .iter()
        .filter(|c| c.column_type == ColumnType::List)
    {
        let list = as_list(&frame, column.name).map_err(|e| internal(&e))?;
        frame.with_column(list).map_err(|e| internal(&e))?;
    }
    let file = fs::create(path)?;
    ParquetWriter::new(file)
        .with_compression(ParquetCompression::Snappy)
        .finish(&mut frame)
        .map_err(|e| internal(&e))?;
    Ok(())
}

fn as_list(frame: &DataFrame, name: &str) -> Result<Column, PolarsError> {
    let texts = frame.column(name)?.str()?;
    let mut lists = ListStringChunkedBuilder::new(name.into(), texts.len(), texts.len());
    for text in texts.iter() {
        match text {
            Some(text) => {
                let elements = text.split(';').map(str::trim).filter(|e| !e.is_empty());
                lists.append_values_iter(elements);
            }
            None => lists.append_null(),
        }
    }
    Ok(lists.finish().into_column())
}
