//! The ledger as rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};

use super::{ListFormat, table};
use crate::engine::Outcome as Rows;
use crate::error::{Error, ErrorKind, Result};
use crate::schedule::{RunRecord, instant_text};

/// Returns the bytes that stdout gets.
pub(super) fn format_runs(records: &[RunRecord], format: ListFormat) -> Result<Vec<u8>> {
    let column = |text: fn(&RunRecord) -> Option<String>| -> ArrayRef {
        Arc::new(records.iter().map(text).collect::<StringArray>())
    };
    let columns: [(&str, ArrayRef); 10] = [
        ("run_id", column(|it| Some(it.run_id.clone()))),
        ("command", column(|it| Some(it.command.clone()))),
        ("job", column(|it| it.job.clone())),
        (
            "scheduled_for",
            column(|it| it.scheduled_for.map(instant_text)),
        ),
        ("as_of", column(|it| Some(instant_text(it.as_of)))),
        ("outcome", column(|it| Some(it.outcome.as_str().to_owned()))),
        ("seconds", column(seconds)),
        (
            "rows_read",
            column(|it| it.rows.map(|rows| rows.read.to_string())),
        ),
        (
            "set_aside",
            column(|it| it.rows.map(|rows| rows.set_aside.to_string())),
        ),
        ("message", column(first_line)),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, column)| (name, column, true)),
    )
    .map_err(|e| Error::new(ErrorKind::Internal, "cannot list the runs").caused_by(e))?;
    let rows = Rows {
        schema: batch.schema(),
        batches: vec![batch],
    };
    table::format_rows(&rows, format.of_rows())
}

fn seconds(record: &RunRecord) -> Option<String> {
    let took = record.ended_at? - record.started_at;
    Some(format!("{:.1}", took.as_seconds_f64()))
}

/// A list has one line per run; the record has the rest.
fn first_line(record: &RunRecord) -> Option<String> {
    let message = record.message.as_ref()?;
    message.lines().next().map(str::to_owned)
}
