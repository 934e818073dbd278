//! The sorted runs of a part, written a run at a time.
//!
//! Rows are gathered until they weigh enough, sorted by key, and written; merging the
//! runs is the lake's work.

use std::path::Path;

use polars::prelude::{DataFrame, ParquetCompression, ParquetWriter, SortMultipleOptions};

use super::convert::internal;
use crate::config::Feed;
use crate::error::Result;
use crate::fs;
use crate::lake::{ORDER, StoredRun};

/// About how many bytes of rows are sorted at a time.
const RUN_BYTES: usize = 96 << 20;

/// How many rows of a run are encoded at a time, and in how large pages: many runs
/// are merged at once, and of each a page is in memory.
const GROUP_ROWS: usize = 65_536;
const PAGE_BYTES: usize = 64 << 10;

/// Sorted runs being written.
pub(super) struct Runs<'a> {
    feed: &'a Feed,
    folder: &'a Path,
    frames: Option<DataFrame>,
    stored: Vec<StoredRun>,
}

impl<'a> Runs<'a> {
    pub(super) fn new(feed: &'a Feed, folder: &'a Path) -> Self {
        Self {
            feed,
            folder,
            frames: None,
            stored: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, frame: DataFrame) -> Result<()> {
        let size = match &mut self.frames {
            Some(all) => {
                all.vstack_mut_owned(frame).map_err(|e| internal(&e))?;
                all.estimated_size()
            }
            empty => empty.insert(frame).estimated_size(),
        };
        if size >= RUN_BYTES {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let Some(frame) = self.frames.take().filter(|frame| frame.height() > 0) else {
            return Ok(());
        };
        let mut by: Vec<&str> = self.feed.table.key.to_vec();
        if self.feed.table.has_updated_at() {
            by.push("updated_at");
        }
        by.push(ORDER);
        let sorted = frame.sort(by, SortMultipleOptions::default());
        drop(frame);
        let mut sorted = sorted.map_err(|e| internal(&e))?;
        let file = format!("run-{}.parquet", self.stored.len());
        let path = self.folder.join(&file);
        let output = fs::create(&path)?;
        ParquetWriter::new(&output)
            .with_compression(ParquetCompression::Snappy)
            .with_row_group_size(Some(GROUP_ROWS))
            .with_data_page_size(Some(PAGE_BYTES))
            .finish(&mut sorted)
            .map_err(|e| internal(&e))?;
        output
            .sync_all()
            .map_err(|e| fs::failed("write", &path, e))?;
        self.stored.push(StoredRun {
            rows: sorted.height() as u64,
            sha256: fs::hash(&path)?,
            file,
        });
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<StoredRun>> {
        self.write()?;
        Ok(self.stored)
    }
}
