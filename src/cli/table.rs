//! Rows as a table for people, CSV, JSON or Parquet.

use arrow::csv::WriterBuilder;
use arrow::json::ArrayWriter;
use arrow::util::pretty::pretty_format_batches;

use super::OutputFormat;
use crate::engine::Outcome;
use crate::error::{Error, ErrorKind, Result};
use crate::lake;

/// Returns the bytes that stdout gets.
pub(super) fn format_rows(outcome: &Outcome, format: OutputFormat) -> Result<Vec<u8>> {
    let failed = |e: arrow::error::ArrowError| {
        Error::new(ErrorKind::Usage, "cannot write the rows in this format")
            .caused_by(e)
            .hint("choose another `--format`, or cast the column")
    };
    match format {
        OutputFormat::Table => {
            let empty = [arrow::array::RecordBatch::new_empty(outcome.schema.clone())];
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
            let header = arrow::array::RecordBatch::new_empty(outcome.schema.clone());
            for batch in std::iter::once(&header).chain(&outcome.batches) {
                writer.write(batch).map_err(failed)?;
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
