//! Rows set aside: never dropped, always with place, expectation and finding.

use std::path::Path;

use polars::prelude::{Column, DataFrame, ParquetWriter};

use super::convert::internal;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// A row that no table could take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reject {
    pub(super) source: String,
    pub(super) table: &'static str,
    pub(super) file: String,
    pub(super) line: i64,
    /// The contract's column; empty where the whole row is malformed.
    pub(super) column: String,
    pub(super) expected: String,
    pub(super) found: String,
    /// The cells that were read, as JSON.
    pub(super) raw: String,
}

impl Reject {
    /// Returns the place and the reason in one line.
    pub(super) fn describe(&self) -> String {
        let Self {
            file,
            line,
            column,
            expected,
            found,
            ..
        } = self;
        let column = match column.as_str() {
            "" => String::new(),
            name => format!(", column `{name}`"),
        };
        format!("`{file}` line {line}{column}: expected {expected}, found `{found}`")
    }
}

const HEADER: [&str; 8] = [
    "source", "table", "file", "line", "column", "expected", "found", "raw",
];

const CSV: &str = "rejects.csv";
const PARQUET: &str = "rejects.parquet";

/// Copies the rejects of a snapshot to where people look for them.
pub(super) fn copy_rejects(snapshot: &Path, folder: &Path) -> Result<()> {
    for name in [CSV, PARQUET] {
        fs::write_atomic(&folder.join(name), &fs::read(&snapshot.join(name))?)?;
    }
    Ok(())
}

/// Writes the rejects of one run, as CSV and as Parquet; none leave a header only.
pub(super) fn write_rejects(folder: &Path, rejects: &[Reject]) -> Result<()> {
    fs::write_atomic(&folder.join(CSV), &as_csv(rejects)?)?;
    let text = |get: fn(&Reject) -> &str, name: &str| {
        Column::new(name.into(), rejects.iter().map(get).collect::<Vec<_>>())
    };
    let lines: Vec<i64> = rejects.iter().map(|reject| reject.line).collect();
    let columns = vec![
        text(|r| &r.source, HEADER[0]),
        text(|r| r.table, HEADER[1]),
        text(|r| &r.file, HEADER[2]),
        Column::new(HEADER[3].into(), lines),
        text(|r| &r.column, HEADER[4]),
        text(|r| &r.expected, HEADER[5]),
        text(|r| &r.found, HEADER[6]),
        text(|r| &r.raw, HEADER[7]),
    ];
    let mut frame = DataFrame::new(rejects.len(), columns).map_err(|e| internal(&e))?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .finish(&mut frame)
        .map_err(|e| internal(&e))?;
    fs::write_atomic(&folder.join(PARQUET), &bytes)
}

fn as_csv(rejects: &[Reject]) -> Result<Vec<u8>> {
    let failed =
        |e: csv::Error| Error::new(ErrorKind::Internal, "cannot write the rejects").caused_by(e);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(failed)?;
    for r in rejects {
        let line = r.line.to_string();
        let fields = [
            &r.source,
            r.table,
            &r.file,
            &line,
            &r.column,
            &r.expected,
            &r.found,
            &r.raw,
        ];
        writer.write_record(fields).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|e| failed(e.into_error().into()))
}
