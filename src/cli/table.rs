//! Rows as a table for people, CSV, JSON or Parquet.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::csv::WriterBuilder;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::json::ArrayWriter;
use arrow::util::pretty::pretty_format_batches;

use super::OutputFormat;
use crate::engine::Outcome;
use crate::error::{Error, ErrorKind, Result};
use crate::lake;

/// Returns the bytes that stdout gets.
pub(super) fn format_rows(outcome: &Outcome, format: OutputFormat) -> Result<Vec<u8>> {
    let failed = |e: ArrowError| {
        Error::new(ErrorKind::Usage, "cannot write the rows in this format")
            .caused_by(e)
            .hint("choose another `--format`, or cast the column")
    };
    match format {
        OutputFormat::Table => {
            let empty = [RecordBatch::new_empty(outcome.schema.clone())];
            let batches = if outcome.batches.is_empty() {
                &empty[..]
            } else {
                &outcome.batches
            };
            let text = pretty_format_batches(batches).map_err(failed)?;
            Ok(format!("{text}\n").into_bytes())
        }
        OutputFormat::Csv => {
            let mut writer = WriterBuilder::new()
                .with_header(true)
                .with_timestamp_format("%Y-%m-%dT%H:%M:%S%.fZ".to_owned())
                .build(Vec::new());
            let header = RecordBatch::new_empty(outcome.schema.clone());
            for batch in std::iter::once(&header).chain(&outcome.batches) {
                writer
                    .write(&with_joined_lists(batch).map_err(failed)?)
                    .map_err(failed)?;
            }
            Ok(writer.into_inner())
        }
        OutputFormat::Json => {
            let mut writer = ArrayWriter::new(Vec::new());
            for batch in &outcome.batches {
                writer.write(batch).map_err(failed)?;
            }
            writer.finish().map_err(failed)?;
            let mut bytes = writer.into_inner();
            bytes.push(b'\n');
            Ok(bytes)
        }
        OutputFormat::Parquet => lake::to_parquet(&outcome.schema, &outcome.batches),
    }
}

/// Writes lists as one text, separated by `;`: CSV has no lists.
fn with_joined_lists(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let joined = columns.map(|(field, column)| {
        let DataType::List(_) = field.data_type() else {
            return Ok((field.name().clone(), column.clone(), true));
        };
        let lists = column.as_list::<i32>();
        let texts = (0..lists.len()).map(|row| {
            if lists.is_null(row) {
                return Ok(None);
            }
            let texts = cast(&lists.value(row), &DataType::Utf8)?;
            let elements = texts.as_string::<i32>().iter().flatten();
            Ok(Some(elements.collect::<Vec<_>>().join(";")))
        });
        let texts: StringArray = texts.collect::<Result<_, ArrowError>>()?;
        Ok((field.name().clone(), Arc::new(texts) as ArrayRef, true))
    });
    RecordBatch::try_from_iter_with_nullable(joined.collect::<Result<Vec<_>, ArrowError>>()?)
}
