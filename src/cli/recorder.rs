//! A run that writes itself into the ledger while it goes on.

use std::cell::RefCell;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::progress::Progress;
use crate::clock::{self, Stopwatch};
use crate::config::Config;
use crate::error::Result;
use crate::ingest::Ingested;
use crate::schedule::{self, Outcome, Purpose, RowCounts, RunRecord, StageRecord};

/// Tells the ledger what a run does.
pub(super) struct Recorder<'p> {
    root: PathBuf,
    progress: &'p Progress,
    record: RefCell<RunRecord>,
}

impl<'p> Recorder<'p> {
    /// Opens the record of a run that starts now. The caller holds the project's lock.
    pub(super) fn start(
        config: &Config,
        progress: &'p Progress,
        purpose: &Purpose,
        as_of: DateTime<Utc>,
    ) -> Result<Self> {
        let root = config.root.clone();
        schedule::mark_interrupted(&root)?;
        let record = RunRecord::starting(config, purpose, as_of, clock::now())?;
        schedule::save_record(&root, &record)?;
        Ok(Self {
            root,
            progress,
            record: RefCell::new(record),
        })
    }

    /// Runs one stage, tells it, and notes it.
    pub(super) fn stage<T>(
        &self,
        name: &str,
        work: impl FnOnce() -> Result<T>,
        summary: impl Fn(&T) -> String,
    ) -> Result<T> {
        let watch = Stopwatch::start();
        let outcome = self.progress.stage(name, work, &summary);
        self.record.borrow_mut().stages.push(StageRecord {
            stage: name.to_owned(),
            seconds: watch.elapsed().as_secs_f64(),
            summary: outcome.as_ref().ok().map(&summary),
        });
        self.save()?;
        outcome
    }

    /// Notes what was read.
    pub(super) fn note_rows(&self, ingested: &Ingested) {
        let manifest = &ingested.manifest;
        let mut record = self.record.borrow_mut();
        record.snapshot = Some(manifest.snapshot.clone());
        record.rows = Some(RowCounts {
            read: manifest.sum(|account| account.rows_read),
            kept: manifest.sum(|account| account.kept),
            set_aside: manifest.sum(|account| account.set_aside),
        });
    }

    /// Notes which snapshot is read, where nothing was ingested.
    pub(super) fn note_snapshot(&self, snapshot: &str) {
        self.record.borrow_mut().snapshot = Some(snapshot.to_owned());
    }

    /// Closes the record with how the run ended, and hands that on.
    pub(super) fn end<T>(self, outcome: Result<T>) -> Result<T> {
        let now = clock::now();
        {
            let mut record = self.record.borrow_mut();
            record.ended_at = Some(now);
            (record.outcome, record.exit_code, record.message) = match &outcome {
                Ok(_) => (Outcome::Published, Some(0), None),
                Err(error) => (
                    Outcome::Failed,
                    Some(error.exit_code()),
                    Some(error.to_string()),
                ),
            };
        }
        let kept = self
            .save()
            .and_then(|()| schedule::write_health(&self.root, now));
        // The run's own error says more than one of the ledger.
        let value = outcome?;
        kept.map(|()| value)
    }

    fn save(&self) -> Result<()> {
        schedule::save_record(&self.root, &self.record.borrow())
    }
}
