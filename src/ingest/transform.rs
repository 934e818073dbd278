//! SQL over the raw columns of an export, for what the mapping cannot say.
//!
//! The export lies in the table `raw`, every column as text (of JSON one column, the
//! `record`), with `source_line` beside them. What the SQL returns is then mapped like any other export; where it
//! returns `source_line`, rows keep their place in the export.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;

use super::reader::Reader;
use crate::config::Transform;
use crate::contract::SOURCE_COLUMNS;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

const RAW: &str = "raw.parquet";
const RESULT: &str = "transformed.parquet";

/// Runs the SQL over an export and returns the file with its result.
pub(super) fn transform(
    mut reader: Reader,
    transform: &Transform,
    origin: &str,
    folder: &Path,
) -> Result<PathBuf> {
    let columns = reader.raw_columns();
    let mut fields: Vec<Field> = columns
        .iter()
        .map(|(_, name)| Field::new(name, DataType::Utf8, true))
        .collect();
    let paths: Vec<String> = columns.into_iter().map(|(path, _)| path).collect();
    fields.push(Field::new(SOURCE_COLUMNS[1], DataType::Int64, false));
    let schema = Arc::new(Schema::new(fields));
    let raw = folder.join(RAW);
    write_raw(&mut reader, &paths, &schema, origin, &raw)?;
    let engine = Engine::open(&folder.join("spill"), "")?;
    engine.register("raw", &raw)?;
    let result = folder.join(RESULT);
    engine.copy_to(&transform.sql, &transform.file, &result)?;
    Ok(result)
}

/// Removes what lies between export and result.
pub(super) fn remove(folder: &Path) -> Result<()> {
    fs::remove_file(&folder.join(RAW))?;
    fs::remove_file(&folder.join(RESULT))?;
    fs::remove_dir_all(&folder.join("spill"))
}

fn write_raw(
    reader: &mut Reader,
    paths: &[String],
    schema: &SchemaRef,
    origin: &str,
    path: &Path,
) -> Result<()> {
    let failed = |e: parquet::errors::ParquetError| {
        Error::new(ErrorKind::Io, format!("cannot write `{}`", path.display())).caused_by(e)
    };
    let mut writer =
        ArrowWriter::try_new(fs::create(path)?, schema.clone(), None).map_err(failed)?;
    while let Some(batch) = reader.next_batch(paths)? {
        if let Some(bad) = batch.malformed.first() {
            let (line, expected, found) = (bad.line, &bad.expected, &bad.found);
            return Err(Error::new(
                ErrorKind::Data,
                format!("cannot ingest `{origin}` line {line}: expected {expected}, found {found}"),
            )
            .hint("an export with a `transform` must be whole: SQL cannot set a row aside"));
        }
        let mut columns: Vec<ArrayRef> = Vec::new();
        for column in &batch.columns {
            columns.push(Arc::new(column.iter().collect::<StringArray>()));
        }
        columns.push(Arc::new(Int64Array::from(batch.lines.clone())));
        let rows = RecordBatch::try_new(schema.clone(), columns)
            .map_err(|e| Error::new(ErrorKind::Internal, "cannot write raw rows").caused_by(e))?;
        writer.write(&rows).map_err(failed)?;
    }
    writer.close().map(|_| ()).map_err(failed)
}
