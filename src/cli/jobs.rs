//! Runs that nobody starts by hand: a job's, a scheduler's, and those of past periods.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use signal_hook::consts::{SIGINT, SIGTERM};

use super::commands::{self, Batch};
use super::progress::Progress;
use super::{
    BackfillArguments, Common, PrintFor, RunArguments, ScheduleArguments, print_line, run_list,
};
use crate::clock::{self, Stopwatch};
use crate::config::{self, Config, Job};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::pipeline;
use crate::schedule::{self, Clock, Due, Outcome, Purpose, RunRecord, Scheduler};

/// How long one look at a child or a flag is put off.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs what a job owes, in order: each instant of its line that has passed and was not
/// published; at the first time the last one that has passed.
pub(super) fn run_job(common: &Common, wanted: &RunArguments, name: &str) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let job = find_job(&config, name)?;
    let _alone = pipeline::take_project(&config, "plimsoll run --job", commands::patience(wanted))?;
    let instants = match &wanted.scheduled_for {
        Some(text) => vec![config::parse_as_of(text, job.time_zone)?],
        None => schedule::find_owed(&config.root, job, clock::now())?,
    };
    let progress = Progress::new(common);
    if instants.is_empty() {
        let next = job.next_after(clock::now()).map(schedule::instant_text);
        let next = next.map_or_else(String::new, |next| format!("; its next instant is {next}"));
        progress.warn(&[format!("job `{name}` owes no run{next}")]);
    }
    let mut page = pipeline::site_index(&config);
    for scheduled_for in instants {
        let batch = Batch {
            purpose: Purpose {
                command: "run",
                job: Some(job.name.clone()),
                scheduled_for: Some(scheduled_for),
                run_id: wanted.run_id.clone(),
            },
            as_of: scheduled_for,
            sources: job.sources.as_deref(),
        };
        page = batch.run(&config, &progress)?;
    }
    print_line(&page.display().to_string())
}

fn find_job<'c>(config: &'c Config, name: &str) -> Result<&'c Job> {
    let found = config.jobs.iter().find(|job| job.name == name);
    found.ok_or_else(|| {
        let names = || config.jobs.iter().map(|job| job.name.as_str());
        let message = format!("cannot run: expected the name of a job, found `{name}`");
        let error = Error::new(ErrorKind::Usage, message);
        match nearest(name, names()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None if config.jobs.is_empty() => {
                error.hint("the configuration has no [[jobs]]: name and cron line make one")
            }
            None => error.hint(format!("known: {}", names().collect::<Vec<_>>().join(", "))),
        }
    })
}

/// Runs the jobs by their lines until it is asked to stop, or prints them for another
/// scheduler.
pub(super) fn schedule(common: &Common, wanted: &ScheduleArguments) -> Result<()> {
    let config = config::load_config(&common.config)?;
    if config.jobs.is_empty() {
        let message = "cannot schedule: expected [[jobs]] in the configuration, found none";
        let hint = "name = \"weekly\" and cron = \"0 7 * * MON\" make one";
        return Err(Error::new(ErrorKind::Project, message).hint(hint));
    }
    let program =
        std::env::current_exe().map_err(|e| crate::fs::failed("find", Path::new("plimsoll"), e))?;
    if let Some(scheduler) = wanted.print {
        let scheduler = match scheduler {
            PrintFor::Systemd => Scheduler::Systemd,
            PrintFor::Cron => Scheduler::Cron,
            PrintFor::Kubernetes => Scheduler::Kubernetes,
        };
        let file = std::path::absolute(&common.config)
            .map_err(|e| crate::fs::failed("find", &common.config, e))?;
        let text = schedule::print_jobs(scheduler, &config.jobs, &program, &file)?;
        return print_line(text.trim_end());
    }
    let clock = WallClock::new()?;
    let progress = Progress::new(common);
    let mut start = |job: &Job, due: &Due| {
        let told = format!(
            "job `{}` for {}",
            job.name,
            schedule::instant_text(due.scheduled_for)
        );
        tracing::info!("{told} starts");
        let record = start_child(common, &config, &program, job, due, &clock)?;
        match record.message {
            Some(message) => {
                progress.warn(&[format!("{told} {}: {message}", record.outcome.as_str())])
            }
            None => progress.note(&format!("{told} {}", record.outcome.as_str())),
        }
        Ok(())
    };
    schedule::run_jobs(&config.root, &config.jobs, &clock, &mut start)?;
    progress.note("stopped");
    Ok(())
}

/// The clock of this machine, and whether somebody asked to stop.
struct WallClock {
    is_stopped: Arc<AtomicBool>,
}

impl WallClock {
    fn new() -> Result<Self> {
        let is_stopped = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&is_stopped)).map_err(|e| {
                Error::new(ErrorKind::Internal, "cannot listen for the signal to stop").caused_by(e)
            })?;
        }
        Ok(Self { is_stopped })
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }
}

impl Clock for WallClock {
    fn now(&self) -> DateTime<Utc> {
        clock::now()
    }

    fn wait_until(&self, instant: DateTime<Utc>) -> bool {
        while !self.is_stopped() {
            let left = instant - clock::now();
            let Ok(left) = left.to_std() else { break };
            clock::sleep(left.min(PAUSE));
        }
        self.is_stopped()
    }
}

/// Runs one job in a process of its own, ends it past its time, and sees to it that the
/// ledger says how it ended. A signal to stop lets it come to its end.
fn start_child(
    common: &Common,
    config: &Config,
    program: &Path,
    job: &Job,
    due: &Due,
    clock: &WallClock,
) -> Result<RunRecord> {
    let started_at = clock.now();
    let run_id = schedule::new_run_id(&config.root, started_at)?;
    let purpose = Purpose {
        command: "run",
        job: Some(job.name.clone()),
        scheduled_for: Some(due.scheduled_for),
        run_id: Some(run_id.clone()),
    };
    let mut command = Command::new(program);
    command
        .arg("run")
        .args(["--job", &job.name])
        .args([
            "--scheduled-for",
            &schedule::instant_text(due.scheduled_for),
        ])
        .args(["--run-id", &run_id])
        .args(["--wait", &job.timeout_seconds.to_string()])
        .arg("--config")
        .arg(&common.config)
        .args(common.quiet.then_some("--quiet"))
        .args(["--log-format", common.log_format.as_str()])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    apart(&mut command);
    let child = command
        .spawn()
        .map_err(|e| crate::fs::failed("start", program, e))?;
    let end = await_child(child, Duration::from_secs(job.timeout_seconds.into()))?;
    let records = schedule::load_ledger(&config.root)?;
    let written = records.into_iter().find(|record| record.run_id == run_id);
    if let Some(record) = written.as_ref().filter(|it| it.outcome != Outcome::Running) {
        return Ok(record.clone());
    }
    let message = match end {
        End::TooLong => format!("it was ended after {} seconds", job.timeout_seconds),
        End::Code(Some(code)) => {
            format!("its process ended with exit code {code} before it could start")
        }
        End::Code(None) => "its process was killed".to_owned(),
    };
    let mut record = match written {
        Some(record) => record,
        None => RunRecord::starting(config, &purpose, due.scheduled_for, started_at)?,
    };
    record.outcome = match end {
        End::Code(None) => Outcome::Interrupted,
        _ => Outcome::Failed,
    };
    record.ended_at = Some(clock.now());
    record.message = Some(message);
    schedule::save_record(&config.root, &record)?;
    Ok(record)
}

/// Keeps the terminal's signals from the child: who stops a scheduler lets its run end.
fn apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// How a child ended.
enum End {
    /// By itself, with a code; without one, by a signal.
    Code(Option<i32>),
    /// It was ended, as its time was over.
    TooLong,
}

fn await_child(mut child: Child, longest: Duration) -> Result<End> {
    let failed = |e| crate::fs::failed("wait for", Path::new("plimsoll"), e);
    let watch = Stopwatch::start();
    loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            return Ok(End::Code(status.code()));
        }
        if watch.elapsed() >= longest {
            // One that has just ended by itself cannot be killed.
            let _ = child.kill();
            child.wait().map_err(failed)?;
            return Ok(End::TooLong);
        }
        clock::sleep(PAUSE);
    }
}

/// Makes the pages of past periods, in order; what an earlier backfill made of the same
/// exports and configuration is not made again.
pub(super) fn backfill(common: &Common, wanted: &BackfillArguments) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let zone = config.project.time_zone;
    let from = config::parse_as_of(&wanted.from, zone)?;
    let to = config::parse_as_of(&wanted.to, zone)?;
    let job = wanted.job.as_deref().map(|name| find_job(&config, name));
    let job = job.transpose()?;
    let instants = past_instants(&config, job, from, to)?;
    let patience = Duration::from_secs(wanted.wait.unwrap_or(0));
    let _alone = pipeline::take_project(&config, "plimsoll backfill", patience)?;
    let progress = Progress::new(common);
    let latest = pipeline::latest_as_of(&config);
    let sources = job.and_then(|job| job.sources.as_deref());
    let snapshot = commands::pull_and_ingest(&config, sources, &progress)?;
    let records = schedule::load_ledger(&config.root)?;
    let is_made = |instant: &DateTime<Utc>| {
        records.iter().any(|record| {
            record.outcome == Outcome::Published
                && record.command == "backfill"
                && record.scheduled_for == Some(*instant)
                && record.job.as_deref() == job.map(|job| job.name.as_str())
                && record.snapshot.as_deref() == Some(snapshot.as_str())
                && record.config_sha256 == config.hash
        })
    };
    let (made, left): (Vec<_>, Vec<_>) = instants.iter().copied().partition(is_made);
    if !made.is_empty() {
        progress.note(&format!(
            "{} of {} are there already",
            made.len(),
            instants.len()
        ));
    }
    // The site ends as of the latest instant that it has been as of.
    let last = latest.filter(|latest| left.iter().all(|instant| instant < latest));
    for (instant, is_period) in left
        .iter()
        .map(|instant| (*instant, true))
        .chain(last.filter(|_| !left.is_empty()).map(|last| (last, false)))
    {
        let batch = Batch {
            purpose: Purpose {
                command: "backfill",
                job: job.map(|job| job.name.clone()),
                scheduled_for: is_period.then_some(instant),
                run_id: None,
            },
            as_of: instant,
            sources,
        };
        batch.render_again(&config, &progress, &snapshot)?;
    }
    print_line(&pipeline::site_index(&config).display().to_string())
}

/// Returns the instants of a job's line from one instant to another, both included;
/// without a job, the first moment of every Monday, at which a week has become whole.
fn past_instants(
    config: &Config,
    job: Option<&Job>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>> {
    let weekly = Job::weekly(config.project.time_zone)?;
    let job = job.unwrap_or(&weekly);
    if to < from {
        let message = "cannot backfill: expected `--from` before `--to`, found it behind";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let mut instants = Vec::new();
    let mut instant = from - TimeDelta::microseconds(1);
    while let Some(next) = job.next_after(instant).filter(|next| *next <= to) {
        instants.push(next);
        instant = next;
    }
    match instants.is_empty() {
        false => Ok(instants),
        true => {
            let message = format!(
                "cannot backfill: expected an instant of `{}` from {} to {}, found none",
                job.line,
                schedule::instant_text(from),
                schedule::instant_text(to)
            );
            Err(Error::new(ErrorKind::Usage, message))
        }
    }
}

/// Lists the runs, the latest first.
pub(super) fn runs(common: &Common, format: super::ListFormat, limit: usize) -> Result<()> {
    let config = config::load_config(&common.config)?;
    let mut records = schedule::load_ledger(&config.root)?;
    records.reverse();
    if limit > 0 {
        records.truncate(limit);
    }
    super::print_bytes(&run_list::format_runs(&records, format)?)
}
