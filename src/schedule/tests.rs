//! A scheduler that is left alone for a year of a clock that the test holds.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{Datelike, Days, NaiveDate, TimeZone};
use chrono_tz::Tz;

use super::*;
use crate::config::parse_config;

/// A clock that jumps to whatever is waited for, and stops at its end.
struct TestClock {
    now: Cell<DateTime<Utc>>,
    end: DateTime<Utc>,
}

impl TestClock {
    fn new(now: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self {
            now: Cell::new(now),
            end,
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }

    fn wait_until(&self, instant: DateTime<Utc>) -> bool {
        self.now.set(self.now.get().max(instant));
        self.now.get() >= self.end
    }

    fn heartbeat(&self) -> TimeDelta {
        TimeDelta::hours(12)
    }
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn jobs(lines: &str) -> Vec<Job> {
    let text = format!(
        "[project]\nname = \"x\"\n\n[[sources]]\nname = \"i\"\ntable = \"incidents\"\npath = \"i.csv\"\n\n{lines}"
    );
    let config = parse_config(&text, PathBuf::from("."));
    config.unwrap_or_else(|e| panic!("{e}")).jobs
}

/// Writes the record of a run, as a run does when it starts.
fn open_record(root: &Path, job: &Job, due: &Due, now: DateTime<Utc>) -> RunRecord {
    mark_interrupted(root).expect("the ledger is whole");
    let record = RunRecord {
        run_id: new_run_id(root, now).expect("a name is free"),
        command: "run".into(),
        job: Some(job.name.clone()),
        scheduled_for: Some(due.scheduled_for),
        as_of: due.scheduled_for,
        started_at: now,
        ended_at: None,
        outcome: Outcome::Running,
        stages: Vec::new(),
        rows: None,
        snapshot: None,
        config_sha256: String::new(),
        message: None,
        exit_code: None,
        process: 1,
    };
    save_record(root, &record).expect("it can be written");
    record
}

fn close_record(root: &Path, mut record: RunRecord, outcome: Outcome, now: DateTime<Utc>) {
    record.outcome = outcome;
    record.ended_at = Some(now);
    save_record(root, &record).expect("it can be written");
}

/// Returns the instants that were published of a job, each with how often.
fn published(root: &Path, job: &str) -> BTreeMap<DateTime<Utc>, usize> {
    let mut counts = BTreeMap::new();
    for record in load_ledger(root).expect("the ledger is whole") {
        if record.job.as_deref() == Some(job) && record.outcome == Outcome::Published {
            let instant = record.scheduled_for.expect("a job's run is for an instant");
            *counts.entry(instant).or_default() += 1;
        }
    }
    counts
}

/// Runs the jobs from one instant to another; a run of the numbers in `crashes` takes
/// the scheduler with it.
fn run(root: &Path, jobs: &[Job], from: &str, to: &str, crashes: &[usize]) {
    let clock = TestClock::new(utc(from), utc(to));
    let mut count = 0;
    loop {
        let mut start = |job: &Job, due: &Due| {
            let record = open_record(root, job, due, clock.now());
            count += 1;
            clock.wait_until(clock.now() + TimeDelta::seconds(90));
            if crashes.contains(&count) {
                return Err(Error::new(ErrorKind::Internal, "the machine is gone"));
            }
            close_record(root, record, Outcome::Published, clock.now());
            Ok(())
        };
        match run_jobs(root, jobs, &clock, &mut start) {
            Ok(_) => return,
            Err(error) => assert_eq!(error.message(), "the machine is gone"),
        }
        clock.wait_until(clock.now() + TimeDelta::hours(5));
    }
}

#[test]
fn a_year_with_clock_changes_a_missed_week_and_two_crashes_has_each_period_once() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    let jobs = jobs(
        "[[jobs]]\nname = \"nightly\"\ncron = \"30 2 * * *\"\ntime_zone = \"Europe/Berlin\"\njitter_seconds = 900\n\n\
         [[jobs]]\nname = \"weekly\"\ncron = \"0 7 * * MON\"\ntime_zone = \"Pacific/Auckland\"\n",
    );
    run(
        root,
        &jobs,
        "2026-01-01T00:00:00Z",
        "2026-05-10T12:00:00Z",
        &[40, 100],
    );
    // Nobody ran anything for a week.
    run(
        root,
        &jobs,
        "2026-05-17T12:00:00Z",
        "2027-01-01T00:00:00Z",
        &[],
    );

    let berlin: Tz = "Europe/Berlin".parse().expect("a zone");
    let nightly = published(root, "nightly");
    let days: Vec<NaiveDate> = nightly
        .keys()
        .map(|instant| instant.with_timezone(&berlin).date_naive())
        .collect();
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let all: Vec<NaiveDate> = (0..365).map(|day| first + Days::new(day)).collect();
    assert_eq!(
        days, all,
        "every day once, also those on which the clock changes"
    );
    assert!(nightly.values().all(|times| *times == 1), "none twice");
    // 02:30 does not exist on 29 March; it exists twice on 25 October.
    assert!(
        nightly.contains_key(&utc("2026-03-29T01:00:00Z")),
        "right after the gap"
    );
    assert!(
        nightly.contains_key(&utc("2026-10-25T00:30:00Z")),
        "the first of both"
    );

    let auckland: Tz = "Pacific/Auckland".parse().expect("a zone");
    let weekly = published(root, "weekly");
    let days: Vec<NaiveDate> = weekly
        .keys()
        .map(|instant| instant.with_timezone(&auckland).date_naive())
        .collect();
    let monday = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day");
    let all: Vec<NaiveDate> = (0..52).map(|week| monday + Days::new(7 * week)).collect();
    assert_eq!(days, all);
    assert!(weekly.values().all(|times| *times == 1), "none twice");
    let ledger = load_ledger(root).expect("it is whole");
    let interrupted = ledger
        .iter()
        .filter(|it| it.outcome == Outcome::Interrupted);
    assert_eq!(interrupted.count(), 2, "the crashes are in the ledger");
}

#[test]
fn a_failure_is_tried_again_after_its_wait_and_then_given_up() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    let jobs = jobs(
        "[[jobs]]\nname = \"daily\"\ncron = \"0 6 * * *\"\nretries = 2\nretry_after_seconds = 600\n",
    );
    let clock = TestClock::new(utc("2026-02-01T00:00:00Z"), utc("2026-02-03T00:00:00Z"));
    let mut started = Vec::new();
    let mut start = |job: &Job, due: &Due| {
        started.push((due.scheduled_for, clock.now(), due.tries));
        let record = open_record(root, job, due, clock.now());
        // The first day never works, the second at once.
        let outcome = match due.scheduled_for.day() {
            1 => Outcome::Failed,
            _ => Outcome::Published,
        };
        close_record(root, record, outcome, clock.now());
        Ok(())
    };
    run_jobs(root, &jobs, &clock, &mut start).expect("a failed run is no failed scheduler");
    let first = utc("2026-02-01T06:00:00Z");
    let second = utc("2026-02-02T06:00:00Z");
    let minutes = TimeDelta::minutes;
    assert_eq!(
        started,
        [
            (first, first, 0),
            (first, first + minutes(10), 1),
            (first, first + minutes(20), 2),
            (second, second, 0),
        ]
    );
    let health = fs::read(&root.join("runs/health.json")).expect("a monitor can read it");
    let health: Health = serde_json::from_slice(&health).expect("it is whole");
    assert_eq!((health.status.as_str(), health.failures), ("ok", 0));
    assert_eq!(health.next_run_at, Some(utc("2026-02-03T06:00:00Z")));
}

#[test]
fn what_was_missed_is_caught_up_as_the_job_says() {
    for (catch_up, expected) in [
        ("all", vec![2, 3, 4, 5]),
        ("latest", vec![4, 5]),
        ("never", vec![5]),
    ] {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let root = folder.path();
        let jobs = jobs(&format!(
            "[[jobs]]\nname = \"daily\"\ncron = \"0 6 * * *\"\ncatch_up = \"{catch_up}\"\n"
        ));
        run(
            root,
            &jobs,
            "2026-02-01T07:00:00Z",
            "2026-02-01T08:00:00Z",
            &[],
        );
        run(
            root,
            &jobs,
            "2026-02-04T12:00:00Z",
            "2026-02-05T12:00:00Z",
            &[],
        );
        let days: Vec<u32> = published(root, "daily").keys().map(Datelike::day).collect();
        assert_eq!(days, expected, "{catch_up}");
    }
}

#[test]
fn a_line_that_was_changed_owes_nothing_of_the_time_before() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    let daily = jobs("[[jobs]]\nname = \"j\"\ncron = \"0 6 * * *\"\n");
    run(
        root,
        &daily,
        "2026-02-01T00:00:00Z",
        "2026-02-03T00:00:00Z",
        &[],
    );
    let hourly = jobs("[[jobs]]\nname = \"j\"\ncron = \"0 * * * *\"\n");
    run(
        root,
        &hourly,
        "2026-02-05T00:30:00Z",
        "2026-02-05T03:30:00Z",
        &[],
    );
    let instants: Vec<DateTime<Utc>> = published(root, "j").into_keys().collect();
    let expected = [(1, 6), (2, 6), (5, 1), (5, 2), (5, 3)]
        .map(|(day, hour)| Utc.with_ymd_and_hms(2026, 2, day, hour, 0, 0).single());
    assert_eq!(instants.into_iter().map(Some).collect::<Vec<_>>(), expected);
}

#[test]
fn jitter_is_the_same_whenever_it_is_asked_for_and_within_its_bound() {
    let jobs = jobs("[[jobs]]\nname = \"j\"\ncron = \"0 6 * * *\"\njitter_seconds = 60\n");
    let since = utc("2026-02-01T00:00:00Z");
    let now = utc("2026-03-01T00:00:00Z");
    let due = find_due(&jobs[0], &[], since, now);
    assert_eq!(due, find_due(&jobs[0], &[], since, now));
    let waits: Vec<i64> = due
        .iter()
        .map(|due| (due.start_at - due.scheduled_for).num_seconds())
        .collect();
    assert!(
        waits.iter().all(|wait| (0..=60).contains(wait)),
        "{waits:?}"
    );
    assert!(waits.iter().any(|wait| *wait != waits[0]), "{waits:?}");
}

#[test]
fn systemd_gets_the_line_in_its_own_words() {
    let expected = [
        ("0 7 * * MON", vec!["Mon *-*-* 7:0:00 Europe/London"]),
        (
            "*/15 9-17 * * 1-5",
            vec!["Mon,Tue,Wed,Thu,Fri *-*-* 9..17:0/15:00 Europe/London"],
        ),
        ("@monthly", vec!["*-*-1 0:0:00 Europe/London"]),
        (
            "30 6 1,15 jan-mar *",
            vec!["*-1..3-1,15 6:30:00 Europe/London"],
        ),
        // Cron means either; two lines mean either too.
        (
            "0 6 1 * FRI-SUN",
            vec![
                "Fri,Sat,Sun *-*-* 6:0:00 Europe/London",
                "*-*-1 6:0:00 Europe/London",
            ],
        ),
    ];
    for (line, calendar) in expected {
        let jobs = jobs(&format!(
            "[[jobs]]\nname = \"j\"\ncron = \"{line}\"\ntime_zone = \"Europe/London\"\n"
        ));
        let text = print_jobs(
            Scheduler::Systemd,
            &jobs,
            Path::new("/usr/bin/plimsoll"),
            Path::new("/srv/my project/plimsoll.toml"),
        )
        .unwrap_or_else(|e| panic!("{e}"));
        let found: Vec<&str> = text
            .lines()
            .filter_map(|l| l.strip_prefix("OnCalendar="))
            .collect();
        assert_eq!(found, calendar, "{line}");
        assert!(
            text.contains("--config \"/srv/my project/plimsoll.toml\""),
            "{text}"
        );
    }
    let last = jobs("[[jobs]]\nname = \"j\"\ncron = \"0 6 L * *\"\n");
    let error = print_jobs(Scheduler::Systemd, &last, Path::new("p"), Path::new("c"));
    let error = error.expect_err("systemd has no last day of a month");
    assert!(error.message().contains("found `l`"), "{error}");
}
