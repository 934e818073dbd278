//! Rows of a mart, read and written through Arrow, with typed access by column name.

use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{
    DataType, Date32Type, Float64Type, Int64Type, SchemaRef, TimestampMicrosecondType,
};
use arrow::util::display::array_value_to_string;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// All rows of one mart. The typed getters return `None` for null, and a `Template`
/// error where the mart has no such column or one of another type.
#[derive(Debug, Clone)]
pub struct Rows {
    name: String,
    batch: RecordBatch,
}

/// Writes batches of one schema as a Parquet file.
///
/// # Errors
/// `Io` where it cannot be written.
pub fn write_batches(path: &Path, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<()> {
    fs::write(path, &to_parquet(schema, batches)?)
}

/// Returns batches of one schema as the bytes of a Parquet file.
///
/// # Errors
/// `Internal` where Parquet has no such type.
pub fn to_parquet(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Vec<u8>> {
    let failed = |e: parquet::errors::ParquetError| {
        Error::new(ErrorKind::Internal, "cannot write rows as Parquet").caused_by(e)
    };
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties)).map_err(failed)?;
    for batch in batches {
        writer.write(batch).map_err(failed)?;
    }
    writer.into_inner().map_err(failed)
}

/// Loads a mart from a Parquet file.
///
/// # Errors
/// `Io` where it is missing or no Parquet.
pub fn load_rows(path: &Path) -> Result<Rows> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(
            ErrorKind::Io,
            format!("cannot read `{}`: {e}", path.display()),
        )
    };
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(fs::open(path)?).map_err(|e| failed(e.into()))?;
    let schema = builder.schema().clone();
    let reader = builder.build().map_err(|e| failed(e.into()))?;
    let batches = reader
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| failed(e.into()))?;
    let batch = concat_batches(&schema, &batches).map_err(|e| failed(e.into()))?;
    let name = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Ok(Rows { name, batch })
}

impl Rows {
    /// Returns rows of a name of the caller's; for tests and for results that were
    /// not stored.
    pub fn new(name: &str, batch: RecordBatch) -> Self {
        Self {
            name: name.to_owned(),
            batch,
        }
    }

    /// Returns the rows of several batches of one schema.
    ///
    /// # Errors
    /// `Internal` where a batch has another schema.
    pub fn joined(name: &str, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Self> {
        let batch = concat_batches(schema, batches)
            .map_err(|e| Error::new(ErrorKind::Internal, "cannot join rows").caused_by(e))?;
        Ok(Self::new(name, batch))
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the numbers of the rows.
    pub fn indices(&self) -> std::ops::Range<usize> {
        0..self.len()
    }

    /// Returns the names of the columns.
    pub fn columns(&self) -> Vec<String> {
        let schema = self.batch.schema();
        schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    /// Returns the rows as Arrow has them.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    fn cell(&self, column: &str, row: usize, expected: &DataType) -> Result<Option<&dyn Array>> {
        let array = self.batch.column_by_name(column).ok_or_else(|| {
            Error::new(
                ErrorKind::Template,
                format!(
                    "cannot read mart `{}`: expected a column `{column}`, found none",
                    self.name
                ),
            )
        })?;
        let found = array.data_type();
        let is_instant = |t: &DataType| matches!(t, DataType::Timestamp(_, _));
        if found != expected && !(is_instant(found) && is_instant(expected)) {
            return Err(Error::new(
                ErrorKind::Template,
                format!(
                    "cannot read mart `{}`: expected column `{column}` as {expected}, found {found}",
                    self.name
                ),
            ));
        }
        Ok(array.is_valid(row).then_some(array.as_ref()))
    }

    /// Returns a text of its own; an empty one for null.
    pub fn owned_text(&self, column: &str, row: usize) -> Result<String> {
        Ok(self.text(column, row)?.unwrap_or_default().to_owned())
    }

    /// Returns a text of its own.
    pub fn maybe_owned_text(&self, column: &str, row: usize) -> Result<Option<String>> {
        Ok(self.text(column, row)?.map(str::to_owned))
    }

    /// Returns a text.
    pub fn text(&self, column: &str, row: usize) -> Result<Option<&str>> {
        let cell = self.cell(column, row, &DataType::Utf8)?;
        Ok(cell.map(|array| array.as_string::<i32>().value(row)))
    }

    /// Returns a number.
    pub fn number(&self, column: &str, row: usize) -> Result<Option<f64>> {
        let cell = self.cell(column, row, &DataType::Float64)?;
        Ok(cell.map(|array| array.as_primitive::<Float64Type>().value(row)))
    }

    /// Returns a whole number.
    pub fn integer(&self, column: &str, row: usize) -> Result<Option<i64>> {
        let cell = self.cell(column, row, &DataType::Int64)?;
        Ok(cell.map(|array| array.as_primitive::<Int64Type>().value(row)))
    }

    /// Returns a boolean.
    pub fn boolean(&self, column: &str, row: usize) -> Result<Option<bool>> {
        let cell = self.cell(column, row, &DataType::Boolean)?;
        Ok(cell.map(|array| array.as_boolean().value(row)))
    }

    /// Returns a date.
    pub fn date(&self, column: &str, row: usize) -> Result<Option<NaiveDate>> {
        let cell = self.cell(column, row, &DataType::Date32)?;
        Ok(cell.map(|array| {
            let days = array.as_primitive::<Date32Type>().value(row);
            NaiveDate::default() + TimeDelta::days(days.into())
        }))
    }

    /// Returns an instant.
    pub fn instant(&self, column: &str, row: usize) -> Result<Option<DateTime<Utc>>> {
        let expected = DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, None);
        let cell = self.cell(column, row, &expected)?;
        Ok(cell.and_then(|array| {
            let micros = array
                .as_primitive_opt::<TimestampMicrosecondType>()?
                .value(row);
            DateTime::from_timestamp_micros(micros)
        }))
    }
    /// Returns any value as people read it: an instant in RFC 3339, UTC.
    pub fn words(&self, column: &str, row: usize) -> Result<Option<String>> {
        let array = self.batch.column_by_name(column).ok_or_else(|| {
            let message = format!(
                "cannot read `{}`: expected a column `{column}`, found none",
                self.name
            );
            Error::new(ErrorKind::Internal, message)
        })?;
        if array.is_null(row) {
            return Ok(None);
        }
        let zone = match array.data_type() {
            DataType::Timestamp(_, None) => "Z",
            _ => "",
        };
        let text = array_value_to_string(array, row).map_err(|e| {
            let message = format!("cannot read `{}`, column `{column}`", self.name);
            Error::new(ErrorKind::Internal, message).caused_by(e)
        })?;
        Ok(Some(format!("{text}{zone}")))
    }
}
