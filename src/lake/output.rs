//! Writing a sorted file of rows that come from many pages.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::compute::{concat_batches, interleave_record_batch};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::run::{Page, failed};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// How many rows are written at a time.
const CHUNK_ROWS: usize = 8_192;

/// How many pages may wait for their rows to be written.
const HELD_PAGES: usize = 256;

/// How many rows a row group has.
const GROUP_ROWS: usize = 262_144;

/// The same of a joined run, of which many are read at once, and how large its pages
/// are.
const JOINED_GROUP_ROWS: usize = 65_536;
const JOINED_PAGE_BYTES: usize = 64 << 10;

/// A Parquet file being written from rows of many pages. What it holds decides its
/// bytes, and not the pages that the rows came in.
pub(super) struct Output {
    path: PathBuf,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    is_joined: bool,
    pages: Vec<Rc<Page>>,
    slots: HashMap<usize, usize>,
    rows: Vec<(usize, usize)>,
    /// Rows that no longer need their pages, less than a chunk.
    gathered: Vec<RecordBatch>,
    gathered_rows: usize,
}

impl Output {
    pub(super) fn create(path: &Path, schema: &SchemaRef, is_joined: bool) -> Result<Self> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS));
        if is_joined {
            properties = properties
                .set_max_row_group_row_count(Some(JOINED_GROUP_ROWS))
                .set_data_page_size_limit(JOINED_PAGE_BYTES);
        }
        let properties = properties.build();
        let writer = ArrowWriter::try_new(fs::create(path)?, schema.clone(), Some(properties));
        Ok(Self {
            path: path.to_owned(),
            writer: writer.map_err(|e| unwritten(path, e))?,
            schema: schema.clone(),
            is_joined,
            pages: Vec::new(),
            slots: HashMap::new(),
            rows: Vec::new(),
            gathered: Vec::new(),
            gathered_rows: 0,
        })
    }

    pub(super) fn add(&mut self, page: &Rc<Page>, row: usize) -> Result<()> {
        let slot = *self.slots.entry(page.id).or_insert_with(|| {
            self.pages.push(page.clone());
            self.pages.len() - 1
        });
        self.rows.push((slot, row));
        if self.gathered_rows + self.rows.len() >= CHUNK_ROWS {
            self.flush()?;
        } else if self.pages.len() > HELD_PAGES {
            self.gather()?;
        }
        Ok(())
    }

    /// Copies the rows out of their pages.
    fn gather(&mut self) -> Result<()> {
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
        self.gathered_rows += batch.num_rows();
        self.gathered.push(batch);
        self.pages.clear();
        self.slots.clear();
        self.rows.clear();
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.gather()?;
        if self.gathered.is_empty() {
            return Ok(());
        }
        let batch = concat_batches(&self.schema, &self.gathered).map_err(|e| failed(&e))?;
        self.gathered.clear();
        self.gathered_rows = 0;
        self.writer
            .write(&batch)
            .map_err(|e| unwritten(&self.path, e))
    }

    pub(super) fn finish(mut self) -> Result<()> {
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
