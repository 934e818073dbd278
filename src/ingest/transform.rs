//! SQL over the raw columns of an export, for what the mapping cannot say.
//!
//! The export lies in the table `raw`, every column as text (of JSON one column, the
//! `record`), with `source_line` beside them, and with `source_file` where several
//! files are read together. What the SQL returns is then mapped like any other export;
//! where it returns `source_line` and `source_file`, rows keep their place in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;

use super::reader::Reader;
use crate::config::Transform;
use crate::contract::SOURCE_COLUMNS;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

const RAW: &str = "raw.parquet";
const RESULT: &str = "transformed.parquet";

/// Runs the SQL over the files of an export, each opened when its turn comes and with
/// its origin, and returns the file with the result and how many rows went in.
pub(super) fn transform<'o>(
    files: impl Iterator<Item = Result<(Reader, &'o str)>>,
    is_together: bool,
    transform: &Transform,
    folder: &Path,
) -> Result<(PathBuf, u64)> {
    let path = folder.join(RAW);
    let mut raw: Option<Raw> = None;
    for file in files {
        let (mut reader, origin) = file?;
        let columns = reader.raw_columns();
        let raw = match &mut raw {
            Some(raw) => raw.expect_columns(&columns, origin)?,
            empty => empty.insert(Raw::create(&path, columns, is_together)?),
        };
        raw.add(&mut reader, origin)?;
    }
    let mut rows = 0;
    if let Some(raw) = raw {
        rows = raw.rows;
        raw.writer.close().map_err(|e| failed(&path, e))?;
    }
    let engine = Engine::open(&folder.join("spill"), "")?;
    engine.register("raw", &path)?;
    let result = folder.join(RESULT);
    engine.copy_to(&transform.sql, &transform.file, &result)?;
    Ok((result, rows))
}

/// Removes what lies between export and result.
pub(super) fn remove(folder: &Path) -> Result<()> {
    fs::remove_file(&folder.join(RAW))?;
    fs::remove_file(&folder.join(RESULT))?;
    fs::remove_dir_all(&folder.join("spill"))
}

fn failed(path: &Path, error: ParquetError) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write `{}`", path.display())).caused_by(error)
}

/// The table `raw` while it is written.
struct Raw {
    path: PathBuf,
    /// What to ask a reader for and what the table calls it.
    columns: Vec<(String, String)>,
    is_together: bool,
    schema: SchemaRef,
    writer: ArrowWriter<std::fs::File>,
    /// How many rows it has.
    rows: u64,
}

impl Raw {
    fn create(path: &Path, columns: Vec<(String, String)>, is_together: bool) -> Result<Self> {
        let mut fields: Vec<Field> = columns
            .iter()
            .map(|(_, name)| Field::new(name, DataType::Utf8, true))
            .collect();
        if is_together {
            fields.push(Field::new(SOURCE_COLUMNS[0], DataType::Utf8, false));
        }
        fields.push(Field::new(SOURCE_COLUMNS[1], DataType::Int64, false));
        let schema = Arc::new(Schema::new(fields));
        let writer = ArrowWriter::try_new(fs::create(path)?, schema.clone(), None);
        Ok(Self {
            path: path.to_owned(),
            columns,
            is_together,
            schema,
            writer: writer.map_err(|e| failed(path, e))?,
            rows: 0,
        })
    }

    /// Refuses a file whose columns are not those of the first: nobody would see that
    /// a column was renamed in between.
    fn expect_columns(&mut self, found: &[(String, String)], origin: &str) -> Result<&mut Self> {
        let names = |columns: &[(String, String)]| {
            let mut names: Vec<String> = columns.iter().map(|(_, name)| name.clone()).collect();
            names.sort();
            names
        };
        let (expected, found) = (names(&self.columns), names(found));
        if expected == found {
            return Ok(self);
        }
        let quoted = |names: &[String]| format!("`{}`", names.join("`, `"));
        Err(Error::new(
            ErrorKind::Input,
            format!(
                "cannot ingest `{origin}` line 1: expected the columns of the files that it is read together with, {}, found {}",
                quoted(&expected),
                quoted(&found)
            ),
        )
        .hint("give files with other columns a source of their own"))
    }

    fn add(&mut self, reader: &mut Reader, origin: &str) -> Result<()> {
        let paths: Vec<String> = self.columns.iter().map(|(path, _)| path.clone()).collect();
        while let Some(batch) = reader.next_batch(&paths)? {
            if let Some(bad) = batch.malformed.first() {
                let (line, expected, found) = (bad.line, &bad.expected, &bad.found);
                return Err(Error::new(
                    ErrorKind::Data,
                    format!(
                        "cannot ingest `{origin}` line {line}: expected {expected}, found {found}"
                    ),
                )
                .hint("an export with a `transform` must be whole: SQL cannot set a row aside"));
            }
            let mut columns: Vec<ArrayRef> = Vec::new();
            for column in &batch.columns {
                columns.push(Arc::new(column.iter().collect::<StringArray>()));
            }
            if self.is_together {
                let files = vec![origin; batch.lines.len()];
                columns.push(Arc::new(StringArray::from(files)));
            }
            columns.push(Arc::new(Int64Array::from(batch.lines.clone())));
            let rows = RecordBatch::try_new(self.schema.clone(), columns);
            let rows = rows.map_err(|e| {
                Error::new(ErrorKind::Internal, "cannot write raw rows").caused_by(e)
            })?;
            self.writer
                .write(&rows)
                .map_err(|e| failed(&self.path, e))?;
            self.rows += batch.lines.len() as u64;
        }
        Ok(())
    }
}
