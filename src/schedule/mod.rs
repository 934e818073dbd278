//! Jobs that run by their cron lines, and the ledger of what ran.
//!
//! Invariants: what is due follows from the configuration, the ledger and the instant
//! alone; the periods of a job come in order, each published once; a run is a process
//! of its own, so that whatever becomes of it, the scheduler goes on.

mod due;
mod ledger;
mod print;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::config::Job;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

pub use due::{Due, find_due, find_owed};
pub use ledger::{
    HEALTH_STEM, Health, Outcome, Purpose, RowCounts, RunRecord, StageRecord, instant_text,
    ledger_folder, load_ledger, mark_interrupted, new_run_id, save_record, write_health,
};
pub use print::{Scheduler, print_jobs};

/// What a scheduler needs to know of time.
pub trait Clock {
    /// Returns the present instant.
    fn now(&self) -> DateTime<Utc>;
    /// Waits until an instant; returns whether it was asked to stop meanwhile.
    fn wait_until(&self, instant: DateTime<Utc>) -> bool;
    /// Returns how long it waits at most before it looks again and tells a monitor that
    /// it is there: clocks are set, and machines sleep.
    fn heartbeat(&self) -> TimeDelta {
        TimeDelta::seconds(60)
    }
}

/// Runs jobs as they become due until the clock says to stop, each by `start`, which
/// returns when that run has ended and its record is written. Returns how many ran.
///
/// # Errors
/// `Project` where the ledger cannot be read, `Io`; what `start` returns.
pub fn run_jobs(
    root: &Path,
    jobs: &[Job],
    clock: &dyn Clock,
    start: &mut dyn FnMut(&Job, &Due) -> Result<()>,
) -> Result<usize> {
    let mut count = 0;
    loop {
        let next = next_due(root, jobs, clock.now())?;
        if wait_for_start(root, clock, next.as_ref())? {
            return Ok(count);
        }
        // Somebody may have run it by hand meanwhile.
        let now = clock.now();
        let due = next_due(root, jobs, now)?.filter(|due| due.start_at <= now);
        let job = due
            .as_ref()
            .and_then(|due| jobs.iter().find(|job| job.name == due.job));
        if let (Some(due), Some(job)) = (&due, job) {
            start(job, due)?;
            count += 1;
        }
        if clock.wait_until(now) {
            return Ok(count);
        }
    }
}

/// Waits until a run may start, and tells a monitor meanwhile; returns whether it was
/// asked to stop.
fn wait_for_start(root: &Path, clock: &dyn Clock, next: Option<&Due>) -> Result<bool> {
    let mut health = ledger::find_health(root)?;
    health.next_run_at = next.map(|due| due.start_at);
    health.next_job = next.map(|due| due.job.clone());
    loop {
        let now = clock.now();
        ledger::save_health(root, &health, now)?;
        let start_at = next.map_or(DateTime::<Utc>::MAX_UTC, |due| due.start_at);
        if start_at <= now {
            return Ok(false);
        }
        if clock.wait_until(start_at.min(now + clock.heartbeat())) {
            return Ok(true);
        }
    }
}

/// Returns the run that is to start first: of each job the first that it owes.
///
/// # Errors
/// As [`load_ledger`]; `Io`.
pub fn next_due(root: &Path, jobs: &[Job], now: DateTime<Utc>) -> Result<Option<Due>> {
    let records = load_ledger(root)?;
    let since = watch_jobs(root, jobs, now)?;
    let firsts = jobs.iter().filter_map(|job| {
        let since = since.get(&job.name).map_or(now, |watched| watched.since);
        find_due(job, &records, since, now).into_iter().next()
    });
    Ok(firsts.min_by_key(|due| (due.start_at.max(now), due.scheduled_for)))
}

/// Since when a job has had its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Watched {
    line: String,
    time_zone: String,
    since: DateTime<Utc>,
}

/// Notes since when each job is watched; one whose line has changed is watched anew, as
/// instants of a line that it did not have are not owed.
fn watch_jobs(root: &Path, jobs: &[Job], now: DateTime<Utc>) -> Result<BTreeMap<String, Watched>> {
    let path = ledger_folder(root).join("watched");
    let mut watched: BTreeMap<String, Watched> = match path.exists() {
        true => serde_json::from_slice(&fs::read(&path)?).map_err(|e| {
            let message = format!(
                "cannot read `{}`: expected since when jobs are watched, found something else",
                path.display()
            );
            Error::new(ErrorKind::Project, message)
                .caused_by(e)
                .hint("remove it: jobs are then watched from now on")
        })?,
        false => BTreeMap::new(),
    };
    let before = watched.clone();
    for job in jobs {
        let zone = job.time_zone.name();
        let is_same = |found: &Watched| found.line == job.line && found.time_zone == zone;
        if !watched.get(&job.name).is_some_and(is_same) {
            let from = Watched {
                line: job.line.clone(),
                time_zone: zone.to_owned(),
                since: now,
            };
            watched.insert(job.name.clone(), from);
        }
    }
    if watched != before {
        let text = serde_json::to_string_pretty(&watched)
            .map_err(|e| Error::new(ErrorKind::Internal, "cannot note the jobs").caused_by(e))?;
        fs::write_atomic(&path, format!("{text}\n").as_bytes())?;
    }
    Ok(watched)
}

#[cfg(test)]
mod tests;
