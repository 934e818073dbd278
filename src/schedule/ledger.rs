//! The run ledger: one file per run in `runs/`, each written whole by one rename.
//!
//! A run writes its record when it starts, after each stage and when it ends. A record
//! that says "running" after its process has gone is of a run that was interrupted;
//! who holds the project's lock can tell, as no other run is at work then.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// How a run ended, or that it has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// At work.
    Running,
    /// Its pages are what readers see.
    Published,
    /// It ended with an error; what was published before stays.
    Failed,
    /// Its process went away in the middle.
    Interrupted,
}

impl Outcome {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Published => "published",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// One stage of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// Its name, such as `ingest`.
    pub stage: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What it did, in words; `None` where it failed.
    pub summary: Option<String>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its name: when it started, and a number that makes it one of a kind.
    pub run_id: String,
    /// What was asked for: `run` or `backfill`.
    pub command: String,
    /// The job; `None` for a run by hand.
    pub job: Option<String>,
    /// The instant of the job's line that it is for.
    pub scheduled_for: Option<DateTime<Utc>>,
    /// Nothing dated after it was seen.
    pub as_of: DateTime<Utc>,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Outcome,
    /// The stages that it came to, in order.
    pub stages: Vec<StageRecord>,
    /// The exports that it read: rows read, kept and set aside.
    pub rows: Option<RowCounts>,
    /// The snapshot of the lake that it read.
    pub snapshot: Option<String>,
    /// The configuration's SHA-256.
    pub config_sha256: String,
    /// Why it failed.
    pub message: Option<String>,
    /// The exit code of its process.
    pub exit_code: Option<u8>,
    /// The number of its process.
    pub process: u32,
}

/// What a run is for.
#[derive(Debug, Clone, Default)]
pub struct Purpose {
    /// What was asked for: `run` or `backfill`.
    pub command: &'static str,
    /// The job, where it is one's.
    pub job: Option<String>,
    /// The instant of the job's line.
    pub scheduled_for: Option<DateTime<Utc>>,
    /// The name that a scheduler gave it.
    pub run_id: Option<String>,
}

impl RunRecord {
    /// Returns the record of a run that starts, under the name that its purpose gives it
    /// or one that no run of the ledger has.
    ///
    /// # Errors
    /// As [`new_run_id`].
    pub fn starting(
        config: &Config,
        purpose: &Purpose,
        as_of: DateTime<Utc>,
        started_at: DateTime<Utc>,
    ) -> Result<Self> {
        Ok(Self {
            run_id: match &purpose.run_id {
                Some(run_id) => run_id.clone(),
                None => new_run_id(&config.root, started_at)?,
            },
            command: purpose.command.to_owned(),
            job: purpose.job.clone(),
            scheduled_for: purpose.scheduled_for,
            as_of,
            started_at,
            ended_at: None,
            outcome: Outcome::Running,
            stages: Vec::new(),
            rows: None,
            snapshot: None,
            config_sha256: config.hash.clone(),
            message: None,
            exit_code: None,
            process: std::process::id(),
        })
    }
}

/// What a run read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows of exports.
    pub read: u64,
    /// Of these, kept.
    pub kept: u64,
    /// Of these, set aside.
    pub set_aside: u64,
}

/// Returns the folder of the ledger.
pub fn ledger_folder(root: &Path) -> PathBuf {
    root.join("runs")
}

fn record_path(root: &Path, run_id: &str) -> PathBuf {
    ledger_folder(root).join(format!("{run_id}.json"))
}

/// Returns a name that no run of the ledger has.
///
/// # Errors
/// `Io`.
pub fn new_run_id(root: &Path, started_at: DateTime<Utc>) -> Result<String> {
    let stamp = started_at.format("%Y%m%dT%H%M%SZ");
    let taken = fs::list(&ledger_folder(root))?;
    let is_taken = |id: &str| taken.contains(&record_path(root, id));
    let mut ids = (1_u32..).map(|number| format!("{stamp}-{number}"));
    let free = ids.find(|id| !is_taken(id));
    Ok(free.unwrap_or_else(|| stamp.to_string()))
}

/// Writes a record in the place of what was there of the same run.
///
/// # Errors
/// `Io`.
pub fn save_record(root: &Path, record: &RunRecord) -> Result<()> {
    let text = serde_json::to_string_pretty(record)
        .map_err(|e| Error::new(ErrorKind::Internal, "cannot write a run's record").caused_by(e))?;
    let path = record_path(root, &record.run_id);
    fs::write_atomic(&path, format!("{text}\n").as_bytes())
}

/// Loads all records, the earliest run first. A file that is no record is an error:
/// what it may have said decides what runs next.
///
/// # Errors
/// `Project` where a file does not read as a record; `Io`.
pub fn load_ledger(root: &Path) -> Result<Vec<RunRecord>> {
    let mut records = Vec::new();
    for path in fs::list(&ledger_folder(root))? {
        let is_record = path.extension().is_some_and(|ending| ending == "json")
            && path.file_stem().is_some_and(|stem| stem != HEALTH_STEM);
        if !is_record {
            continue;
        }
        let record: RunRecord = serde_json::from_slice(&fs::read(&path)?).map_err(|e| {
            let message = format!(
                "cannot read `{}`: expected the record of a run, found something else",
                path.display()
            );
            Error::new(ErrorKind::Project, message)
                .caused_by(e)
                .hint("move it out of `runs/`, or restore it")
        })?;
        records.push(record);
    }
    records.sort_by(|a, b| (a.started_at, &a.run_id).cmp(&(b.started_at, &b.run_id)));
    Ok(records)
}

/// Marks the runs whose processes have gone as interrupted; returns how many. Only who
/// holds the project's lock may ask for it.
///
/// # Errors
/// As [`load_ledger`] and [`save_record`].
pub fn mark_interrupted(root: &Path) -> Result<usize> {
    let records = load_ledger(root)?;
    let running = records
        .into_iter()
        .filter(|record| record.outcome == Outcome::Running);
    let mut count = 0;
    for mut record in running {
        record.outcome = Outcome::Interrupted;
        record.message = Some("its process ended in the middle".to_owned());
        save_record(root, &record)?;
        count += 1;
    }
    Ok(count)
}

/// The stem of the file that a monitor reads; see [`Health`].
pub const HEALTH_STEM: &str = "health";

/// What a monitor reads: `runs/health.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`, or `failing` where the latest run that ended was not published.
    pub status: String,
    /// When this was written; a scheduler writes it every minute.
    pub checked_at: DateTime<Utc>,
    /// The end of the latest run that was published.
    pub published_at: Option<DateTime<Utc>>,
    /// The latest run that ended.
    pub last_run_id: Option<String>,
    /// Why it failed.
    pub message: Option<String>,
    /// Runs that failed since the latest that was published.
    pub failures: usize,
    /// The instant of the next run, where a scheduler is at work.
    pub next_run_at: Option<DateTime<Utc>>,
    /// The job of it.
    pub next_job: Option<String>,
}

/// Writes what a monitor reads after a run.
///
/// # Errors
/// As [`load_ledger`]; `Io`.
pub fn write_health(root: &Path, now: DateTime<Utc>) -> Result<()> {
    save_health(root, &find_health(root)?, now)
}

/// Returns how the ledger's runs went.
pub(super) fn find_health(root: &Path) -> Result<Health> {
    let records = load_ledger(root)?;
    let ended = || {
        records
            .iter()
            .rev()
            .filter(|record| record.outcome != Outcome::Running)
    };
    let published = ended().find(|record| record.outcome == Outcome::Published);
    let failures = ended()
        .take_while(|record| record.outcome != Outcome::Published)
        .count();
    let last = ended().next();
    Ok(Health {
        status: if failures == 0 { "ok" } else { "failing" }.to_owned(),
        checked_at: DateTime::<Utc>::MIN_UTC,
        published_at: published.and_then(|record| record.ended_at),
        last_run_id: last.map(|record| record.run_id.clone()),
        message: last.and_then(|record| record.message.clone()),
        failures,
        next_run_at: None,
        next_job: None,
    })
}

/// Writes how it stands as checked now.
pub(super) fn save_health(root: &Path, health: &Health, now: DateTime<Utc>) -> Result<()> {
    let checked = Health {
        checked_at: now,
        ..health.clone()
    };
    let text = serde_json::to_string_pretty(&checked).map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot write the health file").caused_by(e)
    })?;
    let path = ledger_folder(root).join(format!("{HEALTH_STEM}.json"));
    fs::write_atomic(&path, format!("{text}\n").as_bytes())
}

/// Writes an instant as records and command lines do.
pub fn instant_text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
