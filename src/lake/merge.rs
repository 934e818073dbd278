//! One table from sorted runs: of rows with one key, the right one.
//!
//! The later `updated_at` wins, then the later reading, then the later line. The
//! result is ordered by key, so that the order of rows in an export never shows.
//! Only a page of each run is in memory, whatever the size of the table.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::output::Output;
use super::run::{Comparison, Cursor, Page, READING, Rank, Readings};
use super::table_schema::{ORDER, table_schema};
use crate::contract::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// How many runs are merged at a time; more are merged in several passes.
const FAN_IN: usize = 64;

/// Rows sorted by key, `updated_at`, reading and line.
#[derive(Debug, Clone)]
pub struct Run {
    /// The Parquet file.
    pub path: PathBuf,
    /// Whose the rows are.
    pub readings: Readings,
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
    /// Of these, the ones of the same reading as the row in their place, in a table
    /// whose rows are amounts.
    pub displaced: u64,
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
    let (sources, is_pass) = reduce(table, &schema, runs, folder)?;
    let mut output = Output::create(to, &schema, false)?;
    let mut latest = Latest {
        output: &mut output,
        fates: vec![Fate::default(); readings],
        is_of_amounts: table.is_of_amounts(),
        group: None,
    };
    merge_into(table, &schema, &sources, &mut latest)?;
    let fates = latest.fates;
    output.finish()?;
    if is_pass {
        remove_all(&sources)?;
    }
    Ok(fates)
}

/// Joins runs into one that has every row, and says of each whose it is. Passes in
/// between lie in `folder`.
///
/// # Errors
/// `Io` where a run cannot be read or the joined one not written.
pub fn join_runs(table: &Table, runs: &[Run], to: &Path, folder: &Path) -> Result<()> {
    let schema = table_schema(table);
    let (sources, is_pass) = reduce(table, &schema, runs, folder)?;
    join(table, &schema, &sources, to)?;
    if is_pass {
        remove_all(&sources)?;
    }
    Ok(())
}

/// Joins runs until they can be merged at once; returns whether any were, and so lie
/// in `folder` for this merge alone.
fn reduce(
    table: &Table,
    schema: &SchemaRef,
    runs: &[Run],
    folder: &Path,
) -> Result<(Vec<Run>, bool)> {
    let mut sources = runs.to_vec();
    let mut pass = 0;
    while sources.len() > FAN_IN {
        let mut joined = Vec::new();
        for (place, group) in sources.chunks(FAN_IN).enumerate() {
            let path = folder.join(format!("{}.pass-{pass}-{place}", table.name));
            join(table, schema, group, &path)?;
            let readings = Readings::Told;
            joined.push(Run { path, readings });
        }
        if pass > 0 {
            remove_all(&sources)?;
        }
        sources = joined;
        pass += 1;
    }
    Ok((sources, pass > 0))
}

fn join(table: &Table, schema: &SchemaRef, runs: &[Run], to: &Path) -> Result<()> {
    let mut output = Output::create(to, &joined_schema(schema), true)?;
    merge_into(table, schema, runs, &mut Everything(&mut output))?;
    output.finish()
}

fn remove_all(runs: &[Run]) -> Result<()> {
    runs.iter().try_for_each(|run| fs::remove_file(&run.path))
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

fn merge_into(table: &Table, schema: &SchemaRef, runs: &[Run], sink: &mut impl Sink) -> Result<()> {
    let mut comparison = Comparison::new(table, schema)?;
    let mut cursors = Vec::new();
    let mut heap: BinaryHeap<Reverse<(Rank, usize)>> = BinaryHeap::new();
    for (place, run) in runs.iter().enumerate() {
        let cursor = Cursor::open(&run.path, &run.readings, &mut comparison)?;
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
    is_of_amounts: bool,
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
        let last = page.reading(*row);
        self.fate(last)?.kept += 1;
        if !group.distinct.is_empty() {
            group.distinct.remove(&comparison.content(page, *row)?);
        }
        for reading in group.distinct.values() {
            let is_displaced = self.is_of_amounts && *reading == last;
            let fate = self.fate(*reading)?;
            fate.superseded += 1;
            fate.displaced += u64::from(is_displaced);
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
