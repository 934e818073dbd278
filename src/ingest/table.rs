//! One table from all exports that feed it: of rows with one key, the right one.
//!
//! The later `updated_at` wins, then the later pull, then the later line. The
//! result is ordered by key, so that the order of rows in an export never shows.

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

/// What became of the rows of each reading of an export, in the order of reading.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fates {
    /// Rows that the table has.
    pub(super) kept: Vec<u64>,
    /// Exact repeats of a row that it has.
    pub(super) repeated: Vec<u64>,
    /// Earlier versions of a key.
    pub(super) superseded: Vec<u64>,
}

/// Joins the batches of a table and leaves one row for each key. `starts` are the
/// orders at which the readings began: one export may be read by several sources,
/// so that its name does not tell whose row it is.
pub(super) fn merge(
    table: &Table,
    frames: Vec<DataFrame>,
    starts: &[i64],
) -> Result<(DataFrame, Fates)> {
    let mut fates = Fates {
        kept: vec![0; starts.len()],
        repeated: vec![0; starts.len()],
        superseded: vec![0; starts.len()],
    };
    let Some(all) = concatenate(frames)? else {
        return Ok((empty_frame(table)?, fates));
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
    fates.kept = rows_per_reading(&kept, starts)?;
    if kept.height() < sorted.height() {
        let everything: Vec<String> = table.columns.iter().map(|c| c.name.to_owned()).collect();
        let distinct = last(&sorted, &everything)?;
        let before = rows_per_reading(&sorted, starts)?;
        let between = rows_per_reading(&distinct, starts)?;
        fates.repeated = differences(&before, &between);
        fates.superseded = differences(&between, &fates.kept);
    }
    Ok((kept.drop(ORDER).map_err(|e| internal(&e))?, fates))
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

fn differences(before: &[u64], after: &[u64]) -> Vec<u64> {
    let pairs = before.iter().zip(after);
    pairs.map(|(before, after)| before - after).collect()
}

/// Counts the rows of each reading, which are those from its start to the next one's.
fn rows_per_reading(frame: &DataFrame, starts: &[i64]) -> Result<Vec<u64>> {
    let orders = frame.column(ORDER).and_then(Column::i64);
    let mut counts = vec![0; starts.len()];
    for order in orders.map_err(|e| internal(&e))?.iter().flatten() {
        let reading = starts.partition_point(|start| *start <= order);
        if let Some(count) = reading.checked_sub(1).and_then(|r| counts.get_mut(r)) {
            *count += 1;
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
    ParquetWriter::new(&file)
        .with_compression(ParquetCompression::Snappy)
        .finish(&mut frame)
        .map_err(|e| internal(&e))?;
    file.sync_all().map_err(|e| fs::failed("write", path, e))
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
