//! Rows as they were read: text, column by column, with the line each came from.
//!
//! A batch ends at a number of rows or of bytes, whichever comes first, so that rows
//! of any size fit into memory.

use polars::prelude::{PlSmallStr, StringChunked, StringChunkedBuilder};

use super::raw_rows::RawRows;

/// How many rows are converted at a time.
pub(super) const BATCH_ROWS: usize = 65_536;

/// How many bytes of records are held at a time, but for the last record.
const BATCH_BYTES: usize = 64 << 20;

/// A row that has not even the shape of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) line: i64,
    pub(super) expected: String,
    pub(super) found: String,
    pub(super) raw: String,
}

/// Some rows of an export; all columns have as many cells as there are lines.
pub(super) struct RawBatch {
    pub(super) lines: Vec<i64>,
    pub(super) columns: Vec<StringChunked>,
    pub(super) malformed: Vec<Malformed>,
    /// The file of each row, where it is not that of the whole batch.
    files: Option<StringChunked>,
    rows: Box<dyn RawRows>,
}

impl RawBatch {
    /// Takes the lines from a column of them; a row without one keeps its own.
    pub(super) fn take_lines(&mut self, column: usize) {
        let Some(found) = self.columns.get(column) else {
            return;
        };
        for (line, text) in self.lines.iter_mut().zip(found.iter()) {
            if let Some(number) = text.and_then(|text| text.parse().ok()) {
                *line = number;
            }
        }
    }

    /// Takes the files from a column of them.
    pub(super) fn take_files(&mut self, column: usize) {
        self.files = self.columns.get(column).cloned();
    }

    /// Returns the file that a row came from; `origin` is that of the batch.
    pub(super) fn file<'r>(&'r self, row: usize, origin: &'r str) -> &'r str {
        let files = self.files.as_ref();
        files.and_then(|files| files.get(row)).unwrap_or(origin)
    }

    /// Returns everything that the export has in a row, as JSON.
    pub(super) fn raw(&self, row: usize) -> String {
        self.rows.text(row)
    }
}

/// Collects rows into a [`RawBatch`].
pub(super) struct BatchBuilder {
    lines: Vec<i64>,
    columns: Vec<StringChunkedBuilder>,
    malformed: Vec<Malformed>,
    bytes: usize,
}

impl BatchBuilder {
    pub(super) fn new(width: usize) -> Self {
        let column = || StringChunkedBuilder::new(PlSmallStr::EMPTY, 1_024);
        Self {
            lines: Vec::new(),
            columns: std::iter::repeat_with(column).take(width).collect(),
            malformed: Vec::new(),
            bytes: 0,
        }
    }

    /// Starts a row; every column gets one cell with [`Self::push_cell`].
    pub(super) fn push_line(&mut self, line: i64) {
        self.lines.push(line);
    }

    /// Adds the row's cell of one column.
    pub(super) fn push_cell(&mut self, column: usize, cell: Option<&str>) {
        if let Some(column) = self.columns.get_mut(column) {
            column.append_option(cell);
        }
    }

    pub(super) fn push_malformed(&mut self, malformed: Malformed) {
        self.bytes += malformed.raw.len();
        self.malformed.push(malformed);
    }

    /// Counts the bytes of a record that is held until the batch is done with.
    pub(super) fn weigh(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= BATCH_ROWS
            || self.malformed.len() >= BATCH_ROWS
            || self.bytes >= BATCH_BYTES
    }

    /// Returns the rows, or `None` where there are none.
    pub(super) fn finish(self, rows: impl RawRows + 'static) -> Option<RawBatch> {
        if self.lines.is_empty() && self.malformed.is_empty() {
            return None;
        }
        Some(RawBatch {
            lines: self.lines,
            columns: self.columns.into_iter().map(|c| c.finish()).collect(),
            malformed: self.malformed,
            files: None,
            rows: Box::new(rows),
        })
    }
}
