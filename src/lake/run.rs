//! Reading a sorted run of rows, a page at a time, in the order of its key.

use std::cell::OnceCell;
use std::path::Path;
use std::rc::Rc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::compute::{cast, filter, filter_record_batch, is_not_null};
use arrow::datatypes::{Int64Type, SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use super::table_schema::ORDER;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// The column of a run that was merged from several readings: whose row it is.
pub(super) const READING: &str = "reading";

/// How many rows are held of each run.
const PAGE_ROWS: usize = 2_048;

/// Whose the rows of a run are, by the number of the reading among those of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readings {
    /// All are of one reading.
    One(i64),
    /// The run says it of each row.
    Told,
    /// The run says it of each row by a number of its own, which is the place of the
    /// right one here. Rows of a reading without one are left out.
    Renumbered(Vec<Option<i64>>),
}

impl Readings {
    /// Returns the rows that are asked for, and whose each is.
    fn take(&self, found: RecordBatch) -> Result<(RecordBatch, Int64Array), ArrowError> {
        let numbers = match self {
            Self::One(reading) => {
                let readings = Int64Array::from_value(*reading, found.num_rows());
                return Ok((found, readings));
            }
            Self::Told => None,
            Self::Renumbered(numbers) => Some(numbers),
        };
        let told = whole_numbers(&found, READING)
            .ok_or_else(|| ArrowError::SchemaError(format!("no column `{READING}`")))?;
        let Some(numbers) = numbers else {
            return Ok((found, told));
        };
        let number = |told: i64| *numbers.get(usize::try_from(told).ok()?)?;
        let readings: Int64Array = told.iter().map(|told| number(told?)).collect();
        if readings.null_count() == 0 {
            return Ok((found, readings));
        }
        let is_asked_for = is_not_null(&readings)?;
        let readings = filter(&readings, &is_asked_for)?;
        let found = filter_record_batch(&found, &is_asked_for)?;
        Ok((found, readings.as_primitive::<Int64Type>().clone()))
    }
}

fn whole_numbers(found: &RecordBatch, name: &str) -> Option<Int64Array> {
    let column = found.column_by_name(name)?;
    column.as_primitive_opt::<Int64Type>().cloned()
}

/// Some rows of a run.
pub(super) struct Page {
    /// The rows, in the columns of the table.
    pub(super) batch: RecordBatch,
    /// A number of its own.
    pub(super) id: usize,
    keys: Rows,
    updated_at: Option<ArrayRef>,
    order: Option<Int64Array>,
    readings: Int64Array,
    whole: OnceCell<Rows>,
}

/// What orders rows: key, then `updated_at`, then reading, then place in the export.
pub(super) type Rank = (Box<[u8]>, Option<i64>, i64, i64);

impl Page {
    pub(super) fn reading(&self, row: usize) -> i64 {
        self.readings.value(row)
    }

    pub(super) fn order(&self, row: usize) -> i64 {
        self.order.as_ref().map_or(0, |order| order.value(row))
    }

    pub(super) fn rank(&self, row: usize) -> Rank {
        let updated_at = self.updated_at.as_ref().and_then(|array| {
            let instants = array.as_primitive_opt::<TimestampMicrosecondType>()?;
            instants.is_valid(row).then(|| instants.value(row))
        });
        let key = self.keys.row(row).as_ref().into();
        (key, updated_at, self.reading(row), self.order(row))
    }
}

/// How the rows of a table are compared.
pub(super) struct Comparison {
    schema: SchemaRef,
    key: Vec<usize>,
    updated_at: Option<usize>,
    /// The contract's columns, without those that say where a row came from.
    content: Vec<usize>,
    keys: RowConverter,
    whole: RowConverter,
    pages: usize,
}

impl Comparison {
    pub(super) fn new(table: &crate::contract::Table, schema: &SchemaRef) -> Result<Self> {
        let place = |name: &str| schema.index_of(name).map_err(|e| failed(&e));
        let key = table
            .key
            .iter()
            .map(|name| place(name))
            .collect::<Result<Vec<_>>>()?;
        let content: Vec<usize> = (0..table.columns.len()).collect();
        let converter = |places: &[usize]| {
            let fields = places
                .iter()
                .map(|place| SortField::new(schema.field(*place).data_type().clone()));
            RowConverter::new(fields.collect()).map_err(|e| failed(&e))
        };
        Ok(Self {
            schema: schema.clone(),
            updated_at: table
                .has_updated_at()
                .then(|| place("updated_at"))
                .transpose()?,
            keys: converter(&key)?,
            whole: converter(&content)?,
            key,
            content,
            pages: 0,
        })
    }

    /// Returns the content of a row in a form that is equal where rows are.
    pub(super) fn content(&self, page: &Page, row: usize) -> Result<Box<[u8]>> {
        if page.whole.get().is_none() {
            let columns = pick(&page.batch, &self.content);
            let rows = self
                .whole
                .convert_columns(&columns)
                .map_err(|e| failed(&e))?;
            // Nobody else has this page.
            let _ = page.whole.set(rows);
        }
        let whole = page.whole.get();
        Ok(whole.map_or_else(Box::default, |rows| rows.row(row).as_ref().into()))
    }

    fn page(&mut self, found: &RecordBatch, readings: Int64Array) -> Result<Page> {
        let columns = self
            .schema
            .fields()
            .iter()
            .map(|field| {
                let column = found.column_by_name(field.name()).ok_or_else(|| {
                    ArrowError::SchemaError(format!("no column `{}`", field.name()))
                })?;
                if column.data_type() == field.data_type() {
                    return Ok(column.clone());
                }
                cast(column, field.data_type())
            })
            .collect::<Result<Vec<_>, ArrowError>>()
            .map_err(|e| failed(&e))?;
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| failed(&e))?;
        let keys = self.keys.convert_columns(&pick(&batch, &self.key));
        self.pages += 1;
        Ok(Page {
            id: self.pages,
            keys: keys.map_err(|e| failed(&e))?,
            updated_at: self.updated_at.map(|place| batch.column(place).clone()),
            order: whole_numbers(found, ORDER),
            readings,
            whole: OnceCell::new(),
            batch,
        })
    }
}

fn pick(batch: &RecordBatch, places: &[usize]) -> Vec<ArrayRef> {
    places
        .iter()
        .map(|place| batch.column(*place).clone())
        .collect()
}

/// A place in a run.
pub(super) struct Cursor {
    batches: ParquetRecordBatchReader,
    readings: Readings,
    page: Option<Rc<Page>>,
    row: usize,
}

impl Cursor {
    /// Opens a run at its first row.
    pub(super) fn open(
        path: &Path,
        readings: &Readings,
        comparison: &mut Comparison,
    ) -> Result<Self> {
        let unreadable = |e: parquet::errors::ParquetError| {
            Error::new(ErrorKind::Io, format!("cannot read `{}`", path.display())).caused_by(e)
        };
        // The types are those of the lake, whatever the writer called them.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder =
            ParquetRecordBatchReaderBuilder::try_new_with_options(fs::open(path)?, options)
                .map_err(unreadable)?;
        let batches = builder
            .with_batch_size(PAGE_ROWS)
            .build()
            .map_err(unreadable)?;
        let mut cursor = Self {
            batches,
            readings: readings.clone(),
            page: None,
            row: 0,
        };
        cursor.turn(comparison)?;
        Ok(cursor)
    }

    /// Returns the row that the cursor stands at; `None` behind the last.
    pub(super) fn here(&self) -> Option<(&Rc<Page>, usize)> {
        self.page.as_ref().map(|page| (page, self.row))
    }

    /// Goes to the next row.
    pub(super) fn advance(&mut self, comparison: &mut Comparison) -> Result<()> {
        self.row += 1;
        match &self.page {
            Some(page) if self.row >= page.batch.num_rows() => self.turn(comparison),
            _ => Ok(()),
        }
    }

    fn turn(&mut self, comparison: &mut Comparison) -> Result<()> {
        self.row = 0;
        self.page = None;
        for batch in self.batches.by_ref() {
            let taken = batch.and_then(|batch| self.readings.take(batch));
            let (batch, readings) = taken.map_err(|e| failed(&e))?;
            if batch.num_rows() > 0 {
                self.page = Some(Rc::new(comparison.page(&batch, readings)?));
                break;
            }
        }
        Ok(())
    }
}

pub(super) fn failed(error: &ArrowError) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("cannot merge a table: {error}"),
    )
}
