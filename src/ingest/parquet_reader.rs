//! Parquet exports: whatever the types, read as text and judged like any other.
//!
//! A column within a column of objects is reached by its path
//! (`fields.status.name`); a list is its values, joined with `;`, or one of them
//! (`labels[0]`, `[-1]`). Rows cannot be made of the elements of a list here.

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::buffer::NullBuffer;
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Fields};
use arrow::error::ArrowError;
use arrow::json::WriterBuilder;
use arrow::json::writer::LineDelimited;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;

use super::batch::{BATCH_ROWS, BatchBuilder, RawBatch};
use super::csv_columns::Columns;
use super::json_path::{self, Step, quoted};
use super::raw_rows::{RawRows, cut};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// An open Parquet export.
pub(super) struct ParquetReader {
    origin: String,
    fields: Fields,
    header: Vec<String>,
    batches: ParquetRecordBatchReader,
    rows_read: i64,
}

impl ParquetReader {
    pub(super) fn open(path: &Path, origin: &str) -> Result<Self> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(fs::open(path)?)
            .map_err(|e| unreadable(origin, e))?;
        check_compression(builder.metadata(), origin)?;
        let fields = builder.schema().fields().clone();
        let mut header = Vec::new();
        for field in &fields {
            add_leaves(&mut header, field.name().clone(), field.data_type());
        }
        let batches = builder
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|e| unreadable(origin, e))?;
        Ok(Self {
            origin: origin.to_owned(),
            fields,
            header,
            batches,
            rows_read: 0,
        })
    }

    /// Returns the paths of the columns that hold values.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Returns whether a path means a column.
    pub(super) fn columns_of(&self, path: &str) -> Columns {
        match Leaf::find(&self.fields, path) {
            Some(_) => Columns::One,
            None => Columns::Missing,
        }
    }

    pub(super) fn next_batch(&mut self, paths: &[String]) -> Result<Option<RawBatch>> {
        let leaves = paths
            .iter()
            .map(|path| self.leaf(path))
            .collect::<Result<Vec<_>>>()?;
        let Some(batch) = self.batches.next() else {
            return Ok(None);
        };
        let batch = batch.map_err(|e| unreadable(&self.origin, e))?;
        let columns = leaves
            .iter()
            .map(|leaf| leaf.texts(&batch).map_err(|e| unreadable(&self.origin, e)))
            .collect::<Result<Vec<_>>>()?;
        let mut rows = BatchBuilder::new(paths.len());
        for row in 0..batch.num_rows() {
            self.rows_read += 1;
            rows.push_line(self.rows_read);
            for (place, (column, nulls)) in columns.iter().enumerate() {
                let is_there = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
                let cell = (is_there && column.is_valid(row)).then(|| column.value(row));
                rows.push_cell(place, cell.filter(|text| !text.is_empty()));
            }
        }
        Ok(rows.finish(RawArrow(batch)))
    }

    fn leaf(&self, path: &str) -> Result<Leaf> {
        let leaf = Leaf::find(&self.fields, path).ok_or_else(|| {
            let message = format!("cannot ingest `{}`: no column `{path}`", self.origin);
            Error::new(ErrorKind::Internal, message)
        })?;
        let Some(found) = leaf.problem() else {
            return Ok(leaf);
        };
        let message = format!(
            "cannot ingest `{}`: expected a column of values at `{path}`, found {found}",
            self.origin
        );
        let hint = match found {
            "objects" => "name one of the columns within it, such as `fields.status.name`",
            _ => "lay the values out as columns or rows with `transform`",
        };
        Err(Error::new(ErrorKind::Input, message).hint(hint))
    }
}

/// Refuses a file whose columns are compressed in a way that is not read, before a
/// row of it is.
fn check_compression(metadata: &ParquetMetaData, origin: &str) -> Result<()> {
    let groups = metadata.row_groups().iter();
    let mut codecs = groups.flat_map(|g| g.columns().iter().map(|c| c.compression()));
    let found = codecs.find_map(|codec| match codec {
        Compression::UNCOMPRESSED | Compression::SNAPPY => None,
        Compression::GZIP(_) | Compression::ZSTD(_) => None,
        Compression::BROTLI(_) => Some("Brotli"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("LZ4"),
        Compression::LZO => Some("LZO"),
    });
    let Some(found) = found else {
        return Ok(());
    };
    Err(Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}`: expected Parquet compressed with Snappy, gzip or zstd, found {found}"
        ),
    )
    .hint("export it with another compression"))
}

/// Adds the paths of the values below a column.
fn add_leaves(header: &mut Vec<String>, path: String, data_type: &DataType) {
    let DataType::Struct(fields) = data_type else {
        header.push(path);
        return;
    };
    for field in fields {
        let path = format!("{path}.{}", quoted(field.name()));
        add_leaves(header, path, field.data_type());
    }
}

/// A column, perhaps within others.
struct Leaf {
    /// Its place, and that of each column within the one before.
    places: Vec<usize>,
    /// The element of a list that is meant.
    index: Option<i64>,
    data_type: DataType,
}

impl Leaf {
    /// Finds a column by its name, or by its path where no column has that name.
    fn find(fields: &Fields, path: &str) -> Option<Self> {
        if let Some((place, field)) = fields.find(path) {
            return Some(Self {
                places: vec![place],
                index: None,
                data_type: field.data_type().clone(),
            });
        }
        let mut steps = json_path::parse(path)?;
        let index = match steps.last() {
            Some(Step::Index(index)) => Some(*index),
            _ => None,
        };
        steps.truncate(steps.len() - usize::from(index.is_some()));
        let mut leaf = Self {
            places: Vec::new(),
            index,
            data_type: DataType::Struct(fields.clone()),
        };
        for step in &steps {
            let (DataType::Struct(fields), Step::Name(name)) = (&leaf.data_type, step) else {
                // A path into a list of objects is a column that cannot be read.
                let is_list = is_list(&leaf.data_type) && !leaf.places.is_empty();
                return is_list.then_some(leaf);
            };
            let (place, field) = fields.find(name)?;
            leaf.places.push(place);
            leaf.data_type = field.data_type().clone();
        }
        let is_right = !leaf.places.is_empty() && (index.is_none() || is_list(&leaf.data_type));
        is_right.then_some(leaf)
    }

    /// Returns what the column holds where that is no values.
    fn problem(&self) -> Option<&'static str> {
        match &self.data_type {
            DataType::Struct(_) => Some("objects"),
            DataType::Map(..) => Some("maps"),
            list if is_list(list) => element_type(list)
                .is_some_and(is_nested_value)
                .then_some("lists of objects"),
            nested if nested.is_nested() => Some("values of several types"),
            _ => None,
        }
    }

    /// Returns the cells as text, and which of them the columns above have at all.
    fn texts(&self, batch: &RecordBatch) -> Result<(StringArray, Option<NullBuffer>), ArrowError> {
        let (first, below) = self.places.split_first().ok_or_else(no_column)?;
        let mut column = batch.columns().get(*first).ok_or_else(no_column)?.clone();
        let mut nulls: Option<NullBuffer> = None;
        for place in below {
            let parent = column.as_struct_opt().ok_or_else(no_column)?;
            nulls = NullBuffer::union(nulls.as_ref(), parent.nulls());
            let child = parent.columns().get(*place).ok_or_else(no_column)?;
            column = ArrayRef::clone(child);
        }
        Ok((as_texts(&column, self.index)?, nulls))
    }
}

fn no_column() -> ArrowError {
    ArrowError::SchemaError("the columns differ from those of the file's schema".into())
}

fn is_list(data_type: &DataType) -> bool {
    use DataType::{FixedSizeList, LargeList, List};
    matches!(data_type, List(_) | LargeList(_) | FixedSizeList(..))
}

fn element_type(data_type: &DataType) -> Option<&DataType> {
    match data_type {
        DataType::List(f) | DataType::LargeList(f) | DataType::FixedSizeList(f, _) => {
            Some(f.data_type())
        }
        _ => None,
    }
}

/// Returns whether elements are more than values and lists of values.
fn is_nested_value(data_type: &DataType) -> bool {
    match element_type(data_type) {
        Some(element) => is_nested_value(element),
        None => data_type.is_nested(),
    }
}

/// Writes every cell as text; lists of any kind are joined with `;`, or one element
/// is taken of each.
fn as_texts(column: &ArrayRef, index: Option<i64>) -> Result<StringArray, ArrowError> {
    let rows = column.len();
    match column.data_type() {
        DataType::List(_) => join(rows, column, index, |row| {
            column.as_list::<i32>().value(row)
        }),
        DataType::LargeList(_) => join(rows, column, index, |row| {
            column.as_list::<i64>().value(row)
        }),
        DataType::FixedSizeList(_, _) => join(rows, column, index, |row| {
            column.as_fixed_size_list().value(row)
        }),
        _ => {
            // Bytes that are no text are an error, not a null.
            let options = CastOptions {
                safe: false,
                ..CastOptions::default()
            };
            let texts = cast_with_options(column, &DataType::Utf8, &options)?;
            Ok(texts.as_string::<i32>().clone())
        }
    }
}

fn join(
    rows: usize,
    column: &ArrayRef,
    index: Option<i64>,
    list: impl Fn(usize) -> ArrayRef,
) -> Result<StringArray, ArrowError> {
    let joined = (0..rows).map(|row| {
        if column.is_null(row) {
            return Ok(None);
        }
        let elements = as_texts(&list(row), None)?;
        let filled: Vec<&str> = elements.iter().flatten().collect();
        let Some(index) = index else {
            return Ok(Some(filled.join(";")));
        };
        let length = i64::try_from(filled.len()).unwrap_or(i64::MAX);
        let place = if index < 0 {
            length.checked_add(index)
        } else {
            Some(index)
        };
        let element = place.and_then(|place| filled.get(usize::try_from(place).ok()?));
        Ok(element.map(|text| (*text).to_owned()))
    });
    joined.collect()
}

/// The rows of a batch, which the columns hold anyway.
struct RawArrow(RecordBatch);

impl RawRows for RawArrow {
    fn text(&self, row: usize) -> String {
        let mut text = Vec::new();
        let mut writer = WriterBuilder::new()
            .with_explicit_nulls(true)
            .build::<_, LineDelimited>(&mut text);
        let is_written = writer.write(&self.0.slice(row, 1)).is_ok() && writer.finish().is_ok();
        let text = String::from_utf8_lossy(&text);
        match is_written {
            true => cut(text.trim_end()).into_owned(),
            false => "{}".to_owned(),
        }
    }
}

fn unreadable(origin: &str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(
        ErrorKind::Input,
        format!("cannot ingest `{origin}`: expected a Parquet file that is whole"),
    )
    .caused_by(error)
    .hint("export it again")
}

#[cfg(test)]
mod tests;
