//! Which instants of a job's line still have to run: from the ledger alone, so that a
//! scheduler that was killed, or stood still for a week, knows where it was.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};

use super::ledger::{Outcome, RunRecord, load_ledger, mark_interrupted};
use crate::config::{CatchUp, Job};
use crate::error::Result;
use crate::fs;

/// How long after its instant a run that nobody started is late where a job does not
/// catch up, in seconds.
const GRACE_SECONDS: i64 = 300;

/// How many interruptions of one instant are forgiven beside a job's own retries: a
/// machine that is switched off is no fault of the run.
const FORGIVEN_INTERRUPTIONS: u32 = 3;

/// One run that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The job's name.
    pub job: String,
    /// The instant of its line.
    pub scheduled_for: DateTime<Utc>,
    /// When it may start: with its jitter, or after the wait that follows a failure.
    pub start_at: DateTime<Utc>,
    /// How often it was tried before.
    pub tries: u32,
}

/// Returns what a job still has to run up to `now`, the earliest first, and behind that
/// its next instant.
///
/// `since` is when the job, with this line, was first watched: nothing before it is
/// owed. An instant is settled once a run of it was published, or failed more often
/// than the job's retries allow; the one that waits for a retry holds up those behind
/// it, so that periods come in order.
pub fn find_due(
    job: &Job,
    records: &[RunRecord],
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Due> {
    let own: Vec<&RunRecord> = records
        .iter()
        .filter(|record| record.job.as_deref() == Some(job.name.as_str()))
        .collect();
    let settled = own.iter().filter_map(|record| record.scheduled_for);
    let settled = settled.filter(|instant| is_settled(job, &own, *instant));
    let mut instant = settled.max().map_or(since, |last| last.max(since));
    let mut missed = Vec::new();
    let mut coming = None;
    while let Some(next) = job.next_after(instant) {
        let due = due_at(job, &own, next);
        if next > now {
            coming = Some(due);
            break;
        }
        missed.push(due);
        instant = next;
    }
    let mut owed = match job.catch_up {
        CatchUp::All => missed,
        CatchUp::Latest => missed.pop().into_iter().collect(),
        CatchUp::Never => {
            let grace = TimeDelta::seconds(GRACE_SECONDS + i64::from(job.jitter_seconds));
            let is_late = |due: &Due| due.tries == 0 && now - due.scheduled_for > grace;
            missed.into_iter().filter(|due| !is_late(due)).collect()
        }
    };
    owed.extend(coming);
    owed
}

/// Returns the instants that a job owes for who starts it by hand or by another
/// scheduler, the earliest first: those since its first run; of a job that never ran,
/// the last one that has passed. Only who holds the project's lock may ask for it.
///
/// # Errors
/// As [`mark_interrupted`].
pub fn find_owed(root: &Path, job: &Job, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
    mark_interrupted(root)?;
    let records = load_ledger(root)?;
    let own = records
        .iter()
        .filter(|record| record.job.as_deref() == Some(job.name.as_str()));
    let first = own.filter_map(|record| record.scheduled_for).min();
    let Some(first) = first.or_else(|| job.last_until(now)) else {
        return Ok(Vec::new());
    };
    let due = find_due(job, &records, first - TimeDelta::seconds(1), now);
    let instants = due.into_iter().map(|due| due.scheduled_for);
    Ok(instants.filter(|instant| *instant <= now).collect())
}

fn is_settled(job: &Job, own: &[&RunRecord], instant: DateTime<Utc>) -> bool {
    let outcomes = || {
        own.iter()
            .filter(move |record| record.scheduled_for == Some(instant))
            .map(|record| record.outcome)
    };
    let count = |outcome| outcomes().filter(|found| *found == outcome).count();
    let allowed = usize::try_from(job.retries).unwrap_or(usize::MAX);
    let forgiven = usize::try_from(FORGIVEN_INTERRUPTIONS).unwrap_or(usize::MAX);
    count(Outcome::Published) > 0
        || count(Outcome::Failed) > allowed
        || count(Outcome::Interrupted) > allowed.saturating_add(forgiven)
}

fn due_at(job: &Job, own: &[&RunRecord], instant: DateTime<Utc>) -> Due {
    let tries = own
        .iter()
        .filter(|record| record.scheduled_for == Some(instant));
    let ends = tries
        .clone()
        .filter(|record| record.outcome == Outcome::Failed);
    let last = ends.filter_map(|record| record.ended_at).max();
    let wait = TimeDelta::seconds(i64::from(job.retry_after_seconds));
    Due {
        job: job.name.clone(),
        scheduled_for: instant,
        start_at: match last {
            Some(ended_at) => ended_at + wait,
            None => instant + jitter(job, instant),
        },
        tries: u32::try_from(tries.count()).unwrap_or(u32::MAX),
    }
}

/// Returns how long after its instant a run starts: always the same for one job and
/// instant, so that a scheduler that starts again does not choose anew.
fn jitter(job: &Job, instant: DateTime<Utc>) -> TimeDelta {
    let named = format!("{} {}", job.name, instant.timestamp());
    let digits = &fs::sha256(named.as_bytes())[..8];
    let chance = u64::from_str_radix(digits, 16).unwrap_or_default();
    let seconds = chance % (u64::from(job.jitter_seconds) + 1);
    TimeDelta::seconds(i64::try_from(seconds).unwrap_or_default())
}
