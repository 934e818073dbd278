//! Rows as they were read: text, column by column, with the line each came from.

use polars::prelude::{PlSmallStr, StringChunked, StringChunkedBuilder};

/// How many rows are converted at a time.
pub(super) const BATCH_ROWS: usize = 65_536;

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
}

impl RawBatch {
    /// Returns a row as JSON, for the people who mend it.
    pub(super) fn raw(&self, row: usize, paths: &[String]) -> String {
        let cells = paths.iter().zip(&self.columns);
        let object: serde_json::Map<String, serde_json::Value> = cells
            .map(|(path, column)| (path.clone(), column.get(row).into()))
            .collect();
        serde_json::Value::Object(object).to_string()
    }
}

/// Collects rows into a [`RawBatch`].
pub(super) struct BatchBuilder {
    lines: Vec<i64>,
    columns: Vec<StringChunkedBuilder>,
    malformed: Vec<Malformed>,
}

impl BatchBuilder {
    pub(super) fn new(width: usize) -> Self {
        let column = || StringChunkedBuilder::new(PlSmallStr::EMPTY, 1_024);
        Self {
            lines: Vec::new(),
            columns: std::iter::repeat_with(column).take(width).collect(),
            malformed: Vec::new(),
        }
    }

    pub(super) fn push<'c>(&mut self, line: i64, cells: impl Iterator<Item = Option<&'c str>>) {
        self.lines.push(line);
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.append_option(cell);
        }
    }

    pub(super) fn push_malformed(&mut self, malformed: Malformed) {
        self.malformed.push(malformed);
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= BATCH_ROWS || self.malformed.len() >= BATCH_ROWS
    }

    /// Returns the rows, or `None` where there are none.
    pub(super) fn finish(self) -> Option<RawBatch> {
        if self.lines.is_empty() && self.malformed.is_empty() {
            return None;
        }
        Some(RawBatch {
            lines: self.lines,
            columns: self.columns.into_iter().map(|c| c.finish()).collect(),
            malformed: self.malformed,
        })
    }
}
