//! Rows set aside: never dropped, always with place, expectation and finding.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::csv::WriterBuilder;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use crate::error::{Error, ErrorKind, Result, shown};
use crate::fs;
use crate::lake::{REJECTS, RowRange};

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
    /// The row as it was read.
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
        let found = shown(found);
        format!("`{file}` line {line}{column}: expected {expected}, found `{found}`")
    }
}

const HEADER: [&str; 8] = [
    "source", "table", "file", "line", "column", "expected", "found", "raw",
];

const CSV: &str = "rejects.csv";

fn schema() -> SchemaRef {
    let field = |name: &&str| {
        let data_type = match *name {
            "line" => DataType::Int64,
            _ => DataType::Utf8,
        };
        Field::new(*name, data_type, false)
    };
    Arc::new(Schema::new(HEADER.iter().map(field).collect::<Vec<_>>()))
}

/// The rejects of one part being written; a part without any has no file.
pub(super) struct RejectWriter {
    path: PathBuf,
    writer: Option<ArrowWriter<File>>,
}

impl RejectWriter {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            path: folder.join(REJECTS),
            writer: None,
        }
    }

    pub(super) fn add(&mut self, rejects: &[Reject]) -> Result<()> {
        if rejects.is_empty() {
            return Ok(());
        }
        let text = |get: fn(&Reject) -> &str| -> ArrayRef {
            Arc::new(
                rejects
                    .iter()
                    .map(|r| Some(get(r)))
                    .collect::<StringArray>(),
            )
        };
        let columns = vec![
            text(|r| &r.source),
            text(|r| r.table),
            text(|r| &r.file),
            Arc::new(Int64Array::from_iter_values(rejects.iter().map(|r| r.line))),
            text(|r| &r.column),
            text(|r| &r.expected),
            text(|r| &r.found),
            text(|r| &r.raw),
        ];
        let batch = RecordBatch::try_new(schema(), columns).map_err(failed)?;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(create(&self.path)?),
        };
        writer.write(&batch).map_err(failed)
    }

    pub(super) fn finish(self) -> Result<()> {
        match self.writer {
            Some(writer) => writer.close().map(|_| ()).map_err(failed),
            None => Ok(()),
        }
    }
}

fn create(path: &Path) -> Result<ArrowWriter<File>> {
    ArrowWriter::try_new(fs::create(path)?, schema(), None).map_err(failed)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Internal, "cannot write the rejects").caused_by(error)
}

/// Joins rejects as Parquet and CSV in `folder`; none leave a header only.
pub(super) fn join_rejects(ranges: &[RowRange], folder: &Path) -> Result<()> {
    let mut parquet = create(&folder.join(REJECTS))?;
    let path = folder.join(CSV);
    let mut csv = WriterBuilder::new()
        .with_header(true)
        .build(fs::create(&path)?);
    csv.write(&RecordBatch::new_empty(schema()))
        .map_err(failed)?;
    for_each_batch(ranges, |batch| {
        parquet.write(batch).map_err(failed)?;
        csv.write(batch).map_err(failed)
    })?;
    parquet.close().map(|_| ()).map_err(failed)
}

/// Copies rejects into one file.
pub(super) fn gather_rejects(ranges: &[RowRange], to: &Path) -> Result<()> {
    let mut parquet = create(to)?;
    for_each_batch(ranges, |batch| parquet.write(batch).map_err(failed))?;
    parquet.close().map(|_| ()).map_err(failed)
}

fn for_each_batch(
    ranges: &[RowRange],
    mut take: impl FnMut(&RecordBatch) -> Result<()>,
) -> Result<()> {
    let count = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    for range in ranges {
        let options = ArrowReaderOptions::new().with_schema(schema());
        let file = fs::open(&range.path)?;
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
            .and_then(|builder| {
                let builder = builder.with_offset(count(range.start));
                builder.with_limit(count(range.rows)).build()
            })
            .map_err(failed)?;
        let mut rows = 0;
        for batch in reader {
            let batch = batch.map_err(failed)?;
            rows += batch.num_rows() as u64;
            take(&batch)?;
        }
        if rows != range.rows {
            let message = format!(
                "cannot join the rejects: expected {} rows in `{}`, found {rows}",
                range.rows,
                range.path.display()
            );
            return Err(Error::new(ErrorKind::Io, message)
                .hint("remove the folder that it lies in and run again"));
        }
    }
    Ok(())
}

/// Copies the rejects of a snapshot to where people look for them.
pub(super) fn copy_rejects(snapshot: &Path, folder: &Path) -> Result<()> {
    for name in [CSV, REJECTS] {
        let from = snapshot.join(name);
        let hash = fs::hash(&from)?;
        fs::copy_atomic(&from, &folder.join(name), &hash)?;
    }
    Ok(())
}
