//! Parquet exports: whatever the types, read as text and judged like any other.

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::batch::{BATCH_ROWS, BatchBuilder, RawBatch};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// An open Parquet export.
pub(super) struct ParquetReader {
    origin: String,
    header: Vec<String>,
    batches: ParquetRecordBatchReader,
    rows_read: i64,
}

impl ParquetReader {
    pub(super) fn open(path: &Path, origin: &str) -> Result<Self> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(fs::open(path)?)
            .map_err(|e| unreadable(origin, e))?;
        let header = builder
            .schema()
            .fields()
            .iter()
            .map(|f| f.name().clone())
            .collect();
        let batches = builder
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|e| unreadable(origin, e))?;
        Ok(Self {
            origin: origin.to_owned(),
            header,
            batches,
            rows_read: 0,
        })
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let Some(batch) = self.batches.next() else {
            return Ok(None);
        };
        let batch = batch.map_err(|e| unreadable(&self.origin, e))?;
        let columns = paths
            .iter()
            .map(|path| self.texts(&batch, path))
            .collect::<Result<Vec<_>>>()?;
        let mut rows = BatchBuilder::new(paths.len());
        for row in 0..batch.num_rows() {
            self.rows_read += 1;
            let cells = columns.iter().map(|column| {
                let cell = column.is_valid(row).then(|| column.value(row));
                cell.filter(|text| !text.is_empty())
            });
            rows.push(self.rows_read, cells);
        }
        Ok(rows.finish())
    }

    fn texts(&self, batch: &RecordBatch, path: &str) -> Result<StringArray> {
        let column = batch.column_by_name(path).ok_or_else(|| {
            let message = format!("cannot ingest `{}`: no column `{path}`", self.origin);
            Error::new(ErrorKind::Internal, message)
        })?;
        as_texts(column).map_err(|e| unreadable(&self.origin, e))
    }
}

/// Writes every cell as text; lists of any kind are joined with `;`.
fn as_texts(column: &ArrayRef) -> Result<StringArray, ArrowError> {
    match column.data_type() {
        DataType::List(_) => join(column.len(), column, |row| {
            column.as_list::<i32>().value(row)
        }),
        DataType::LargeList(_) => join(column.len(), column, |row| {
            column.as_list::<i64>().value(row)
        }),
        DataType::FixedSizeList(_, _) => join(column.len(), column, |row| {
            column.as_fixed_size_list().value(row)
        }),
        nested if nested.is_nested() => Err(ArrowError::CastError(format!(
            "a column of type {nested} cannot be read as text"
        ))),
        _ => Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone()),
    }
}

fn join(
    rows: usize,
    column: &ArrayRef,
    list: impl Fn(usize) -> ArrayRef,
) -> Result<StringArray, ArrowError> {
    let joined = (0..rows).map(|row| {
        if column.is_null(row) {
            return Ok(None);
        }
        let elements = as_texts(&list(row))?;
        Ok(Some(
            elements.iter().flatten().collect::<Vec<_>>().join(";"),
        ))
    });
    joined.collect()
}

fn unreadable(origin: &str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(
        ErrorKind::Input,
        format!("cannot ingest `{origin}`: expected a Parquet file that is whole"),
    )
    .caused_by(error)
    .hint("export it again")
}
