//! One table from sorted runs: of rows with one key, the right one.
//!
//! The later `updated_at` wins, then the later reading, then the later line. The
//! result is ordered by key, so that the order of rows in an export never shows.
//! Only a page of each run is in memory, whatever the size of the table.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::run::{Comparison, Cursor, Page, READING, Rank, failed};
use super::table_schema::{ORDER, table_schema};
use crate::contract::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// How many runs are merged at a time; more are merged in several passes.
const FAN_IN: usize = 64;

/// How many rows are written at a time.
const CHUNK_ROWS: usize = 8_192;

/// How many rows a row group has.
const GROUP_ROWS: usize = 262_144;

/// Some rows of one reading of an export, sorted by key, `updated_at` and line.
#[derive(Debug, Clone)]
pub struct Run {
    /// The Parquet file.
    pub path: PathBuf,
    /// The number of the reading among those of the table.
    pub reading: usize,
}

/// What became of the rows of one reading of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fate {
    /// Rows that the table has.
    pub kept: u64,
    /// Exact repeats of a row that was read later.
    pub repeated: u64,
    /// Earlier versions of a key.
    pub superseded: u64,
}

/// Merges runs into a table and returns the fates of the readings, of which there
/// are `readings`. Passes in between lie in `folder`.
///
/// # Errors
/// `Io` where a run cannot be read or the table not written.
pub fn merge_runs(
    table: &Table,
    runs: &[Run],
    readings: usize,
    to: &Path,
    folder: &Path,
) -> Result<Vec<Fate>> {
    let schema = table_schema(table);
    let mut sources: Vec<(PathBuf, i64)> = runs
        .iter()
        .map(|run| Ok((run.path.clone(), number(run.reading)?)))
        .collect::<Result<_>>()?;
    let mut pass = 0;
    while sources.len() > FAN_IN {
        let mut joined = Vec::new();
        for (place, group) in sources.chunks(FAN_IN).enumerate() {
            let path = folder.join(format!("{}.pass-{pass}-{place}", table.name));
            let mut output = Output::create(&path, &joined_schema(&schema), true)?;
            merge_into(table, &schema, group, &mut Everything(&mut output))?;
            output.finish()?;
            joined.push((path, 0));
        }
        if pass > 0 {
            sources
                .iter()
                .try_for_each(|(path, _)| fs::remove_file(path))?;
        }
        sources = joined;
        pass += 1;
    }
    let mut output = Output::create(to, &schema, false)?;
    let mut latest = Latest {
        output: &mut output,
        fates: vec![Fate::default(); readings],
        group: None,
    };
    merge_into(table, &schema, &sources, &mut latest)?;
    let fates = latest.fates;
    output.finish()?;
    if pass > 0 {
        sources
            .iter()
            .try_for_each(|(path, _)| fs::remove_file(path))?;
    }
    Ok(fates)
}

fn number(reading: usize) -> Result<i64> {
    i64::try_from(reading).map_err(|_| {
        Error::new(
            ErrorKind::Internal,
            "cannot merge a table: too many readings",
        )
    })
}

fn joined_schema(schema: &SchemaRef) -> SchemaRef {
    let mut fields: Vec<Field> = schema.fields().iter().map(|f| f.as_ref().clone()).collect();
    fields.push(Field::new(ORDER, DataType::Int64, false));
    fields.push(Field::new(READING, DataType::Int64, false));
    Arc::new(Schema::new(fields))
}

/// Who gets the rows, in their order.
trait Sink {
    fn take(
        &mut self,
        comparison: &Comparison,
        key: &[u8],
        page: &Rc<Page>,
        row: usize,
    ) -> Result<()>;
    fn end(&mut self, comparison: &Comparison) -> Result<()>;
}

fn merge_into(
    table: &Table,
    schema: &SchemaRef,
    runs: &[(PathBuf, i64)],
    sink: &mut impl Sink,
) -> Result<()> {
    let mut comparison = Comparison::new(table, schema)?;
    let mut cursors = Vec::new();
    let mut heap: BinaryHeap<Reverse<(Rank, usize)>> = BinaryHeap::new();
    for (place, (path, reading)) in runs.iter().enumerate() {
        let cursor = Cursor::open(path, *reading, &mut comparison)?;
        if let Some((page, row)) = cursor.here() {
            heap.push(Reverse((page.rank(row), place)));
        }
        cursors.push(cursor);
    }
    while let Some(Reverse((rank, place))) = heap.pop() {
        let cursor = &mut cursors[place];
        if let Some((page, row)) = cursor.here() {
            sink.take(&comparison, &rank.0, page, row)?;
        }
        cursor.advance(&mut comparison)?;
        if let Some((page, row)) = cursor.here() {
            heap.push(Reverse((page.rank(row), place)));
        }
    }
    sink.end(&comparison)
}

/// Keeps every row.
struct Everything<'a>(&'a mut Output);

impl Sink for Everything<'_> {
    fn take(&mut self, _: &Comparison, _: &[u8], page: &Rc<Page>, row: usize) -> Result<()> {
        self.0.add(page, row)
    }

    fn end(&mut self, _: &Comparison) -> Result<()> {
        Ok(())
    }
}

/// Keeps the last row of each key, and counts what became of the others.
struct Latest<'a> {
    output: &'a mut Output,
    fates: Vec<Fate>,
    group: Option<Group>,
}

/// The rows of one key so far.
struct Group {
    key: Box<[u8]>,
    last: (Rc<Page>, usize),
    /// The distinct rows and whose they are, once there is more than one row.
    distinct: HashMap<Box<[u8]>, i64>,
}

impl Latest<'_> {
    fn fate(&mut self, reading: i64) -> Result<&mut Fate> {
        let place = usize::try_from(reading).ok();
        place
            .and_then(|place| self.fates.get_mut(place))
            .ok_or_else(|| Error::new(ErrorKind::Internal, "cannot merge a table: a lost reading"))
    }

    fn close(&mut self, comparison: &Comparison) -> Result<()> {
        let Some(mut group) = self.group.take() else {
            return Ok(());
        };
        let (page, row) = &group.last;
        self.fate(page.reading(*row))?.kept += 1;
        if !group.distinct.is_empty() {
            group.distinct.remove(&comparison.content(page, *row)?);
        }
        for reading in group.distinct.values() {
            self.fate(*reading)?.superseded += 1;
        }
        self.output.add(page, *row)
    }
}

impl Sink for Latest<'_> {
    fn take(
        &mut self,
        comparison: &Comparison,
        key: &[u8],
        page: &Rc<Page>,
        row: usize,
    ) -> Result<()> {
        let is_new = self.group.as_ref().is_none_or(|group| &*group.key != key);
        if is_new {
            self.close(comparison)?;
            self.group = Some(Group {
                key: key.into(),
                last: (page.clone(), row),
                distinct: HashMap::new(),
            });
            return Ok(());
        }
        let Some(mut group) = self.group.take() else {
            return Ok(());
        };
        if group.distinct.is_empty() {
            let (page, row) = &group.last;
            let content = comparison.content(page, *row)?;
            group.distinct.insert(content, page.reading(*row));
        }
        let content = comparison.content(page, row)?;
        if let Some(earlier) = group.distinct.insert(content, page.reading(row)) {
            self.fate(earlier)?.repeated += 1;
        }
        group.last = (page.clone(), row);
        self.group = Some(group);
        Ok(())
    }

    fn end(&mut self, comparison: &Comparison) -> Result<()> {
        self.close(comparison)
    }
}

/// A Parquet file being written from rows of many pages.
struct Output {
    path: PathBuf,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    is_joined: bool,
    pages: Vec<Rc<Page>>,
    slots: HashMap<usize, usize>,
    rows: Vec<(usize, usize)>,
}

impl Output {
    fn create(path: &Path, schema: &SchemaRef, is_joined: bool) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(fs::create(path)?, schema.clone(), Some(properties));
        Ok(Self {
            path: path.to_owned(),
            writer: writer.map_err(|e| unwritten(path, e))?,
            schema: schema.clone(),
            is_joined,
            pages: Vec::new(),
            slots: HashMap::new(),
            rows: Vec::new(),
        })
    }

    fn add(&mut self, page: &Rc<Page>, row: usize) -> Result<()> {
        let slot = *self.slots.entry(page.id).or_insert_with(|| {
            self.pages.push(page.clone());
            self.pages.len() - 1
        });
        self.rows.push((slot, row));
        if self.rows.len() >= CHUNK_ROWS || self.pages.len() > 4 * FAN_IN {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let batches: Vec<&RecordBatch> = self.pages.iter().map(|page| &page.batch).collect();
        let mut batch = interleave_record_batch(&batches, &self.rows).map_err(|e| failed(&e))?;
        if self.is_joined {
            let places = |take: fn(&Page, usize) -> i64| -> ArrayRef {
                let rows = self
                    .rows
                    .iter()
                    .map(|(slot, row)| take(&self.pages[*slot], *row));
                Arc::new(Int64Array::from_iter_values(rows))
            };
            let mut columns = batch.columns().to_vec();
            columns.push(places(Page::order));
            columns.push(places(Page::reading));
            batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| failed(&e))?;
        }
        self.writer
            .write(&batch)
            .map_err(|e| unwritten(&self.path, e))?;
        self.pages.clear();
        self.slots.clear();
        self.rows.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        self.flush()?;
        let file = self.writer.into_inner();
        let file = file.map_err(|e| unwritten(&self.path, e))?;
        file.sync_all()
            .map_err(|e| fs::failed("write", &self.path, e))
    }
}

fn unwritten(path: &Path, error: parquet::errors::ParquetError) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write `{}`", path.display())).caused_by(error)
}
