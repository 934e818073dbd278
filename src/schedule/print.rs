//! The jobs as another scheduler takes them: systemd timers, a crontab, or Kubernetes'
//! CronJobs. Each starts `plimsoll run --job NAME`, which finds by itself what its line
//! still owes.

use std::path::Path;

use crate::config::Job;
use crate::error::{Error, ErrorKind, Result};

/// Whose jobs they become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduler {
    /// A service and a timer per job, for `/etc/systemd/system`.
    Systemd,
    /// Lines of a crontab.
    Cron,
    /// A CronJob per job.
    Kubernetes,
}

/// Returns the jobs as files of that scheduler, each behind a line that names it.
///
/// `program` is the path of plimsoll, `config` that of the project's configuration, both
/// as that machine knows them.
///
/// # Errors
/// `Project` where a line says what that scheduler cannot.
pub fn print_jobs(
    scheduler: Scheduler,
    jobs: &[Job],
    program: &Path,
    config: &Path,
) -> Result<String> {
    let parts = jobs.iter().map(|job| match scheduler {
        Scheduler::Systemd => systemd(job, program, config),
        Scheduler::Cron => Ok(crontab(job, program, config)),
        Scheduler::Kubernetes => Ok(kubernetes(job, config)),
    });
    let parts = parts.collect::<Result<Vec<_>>>()?;
    Ok(match scheduler {
        Scheduler::Kubernetes => parts.join("---\n"),
        _ => parts.join("\n"),
    })
}

fn systemd(job: &Job, program: &Path, config: &Path) -> Result<String> {
    let name = format!("plimsoll-{}", job.name);
    let calendar = calendar_lines(job)?;
    let lines: Vec<String> = calendar
        .iter()
        .map(|line| format!("OnCalendar={line}\n"))
        .collect();
    Ok(format!(
        "# /etc/systemd/system/{name}.service\n\
         [Unit]\n\
         Description=plimsoll: {job}\n\
         Wants=network-online.target\n\
         After=network-online.target\n\n\
         [Service]\n\
         Type=oneshot\n\
         ExecStart={program} run --job {job} --config {config} --log-format json\n\
         TimeoutStartSec={timeout}\n\n\
         # /etc/systemd/system/{name}.timer\n\
         [Unit]\n\
         Description=plimsoll: {job}, by its line \"{line}\"\n\n\
         [Timer]\n\
         {calendar}\
         RandomizedDelaySec={jitter}\n\
         Persistent=true\n\n\
         [Install]\n\
         WantedBy=timers.target\n",
        job = job.name,
        program = quoted(program),
        config = quoted(config),
        timeout = job.timeout_seconds,
        line = job.line,
        calendar = lines.concat(),
        jitter = job.jitter_seconds,
    ))
}

/// A path as one word of a command line.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    match text.contains([' ', '"', '\'', '\\', '$', '%']) {
        true => format!(
            "\"{}\"",
            text.replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('$', "\\$")
        ),
        false => text,
    }
}

/// Returns the line in systemd's words; two where the day is named in two ways, as
/// cron means either.
fn calendar_lines(job: &Job) -> Result<Vec<String>> {
    let line = spelled_out(&job.line);
    let fields: Vec<&str> = line.split_whitespace().collect();
    let &[minute, hour, day, month, weekday] = fields.as_slice() else {
        return Err(unsayable(job, &job.line));
    };
    let number = |field: &str| numbers(field).ok_or_else(|| unsayable(job, field));
    let (minute, hour, day) = (number(minute)?, number(hour)?, number(day)?);
    let month = numbers(&month_numbers(month)).ok_or_else(|| unsayable(job, month))?;
    let weekday = weekdays(weekday).ok_or_else(|| unsayable(job, weekday))?;
    let zone = job.time_zone.name();
    let on = |weekday: &str, day: &str| {
        let line = format!("{weekday} *-{month}-{day} {hour}:{minute}:00 {zone}");
        line.trim_start().to_owned()
    };
    Ok(match (day.as_str(), weekday.as_str()) {
        (_, "") => vec![on("", &day)],
        ("*", _) => vec![on(&weekday, "*")],
        _ => vec![on(&weekday, "*"), on("", &day)],
    })
}

fn unsayable(job: &Job, field: &str) -> Error {
    Error::new(
        ErrorKind::Project,
        format!(
            "cannot write job `{}` for systemd: expected numbers, names, lists, ranges and steps, found `{field}`",
            job.name
        ),
    )
    .hint("let `plimsoll schedule` run it, or write the line in other words")
}

/// Returns cron's short words as five fields.
fn spelled_out(line: &str) -> String {
    let short = line.trim().to_lowercase();
    let spelled = match short.as_str() {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => return short,
    };
    spelled.to_owned()
}

/// Returns a field in systemd's words: `*/15` is `0/15`, `9-17` is `9..17`.
fn numbers(field: &str) -> Option<String> {
    if matches!(field, "*" | "?") {
        return Some("*".to_owned());
    }
    let parts = field.split(',').map(|part| {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let range = match (range, step) {
            ("*", Some(_)) => "0".to_owned(),
            _ => range.replace('-', ".."),
        };
        let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '.');
        let whole = match step {
            Some(step) if is_plain(step) => format!("{range}/{step}"),
            Some(_) => return None,
            None => range.clone(),
        };
        (is_plain(&range) && !range.is_empty()).then_some(whole)
    });
    parts
        .collect::<Option<Vec<_>>>()
        .map(|parts| parts.join(","))
}

fn month_numbers(field: &str) -> String {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let mut text = field.to_owned();
    for (number, month) in (1..).zip(MONTHS) {
        text = text.replace(month, &format!("{number}"));
    }
    text
}

/// Returns the days of the week in systemd's words, "" for all; `None` where it has
/// none for them.
fn weekdays(field: &str) -> Option<String> {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    if matches!(field, "*" | "?") {
        return Some(String::new());
    }
    let place = |text: &str| -> Option<usize> {
        let named = DAYS.iter().position(|name| name.eq_ignore_ascii_case(text));
        named.or_else(|| text.parse().ok().filter(|number| *number <= 7))
    };
    let mut days: Vec<&str> = Vec::new();
    for part in field.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (place(from)?, place(to)?);
        let last = if to < from { to + 7 } else { to };
        for day in from..=last {
            let name = DAYS[day % 7];
            if !days.contains(&name) {
                days.push(name);
            }
        }
    }
    Some(days.join(","))
}

fn crontab(job: &Job, program: &Path, config: &Path) -> String {
    format!(
        "# {job}: CRON_TZ is read by cronie and most others; without it the line is in the machine's zone\n\
         CRON_TZ={zone}\n\
         {line} {program} run --job {job} --config {config} --log-format json\n",
        job = job.name,
        zone = job.time_zone.name(),
        line = spelled_out(&job.line),
        // A crontab ends a command at a bare `%`.
        program = quoted(program).replace('%', "\\%"),
        config = quoted(config).replace('%', "\\%"),
    )
}

fn kubernetes(job: &Job, config: &Path) -> String {
    let file = config.file_name().map(|name| name.to_string_lossy());
    format!(
        "apiVersion: batch/v1\n\
         kind: CronJob\n\
         metadata:\n\
         \x20 name: plimsoll-{label}\n\
         spec:\n\
         \x20 schedule: \"{line}\"\n\
         \x20 timeZone: {zone}\n\
         \x20 concurrencyPolicy: Forbid\n\
         \x20 startingDeadlineSeconds: 86400\n\
         \x20 jobTemplate:\n\
         \x20   spec:\n\
         \x20     backoffLimit: {retries}\n\
         \x20     activeDeadlineSeconds: {timeout}\n\
         \x20     template:\n\
         \x20       spec:\n\
         \x20         restartPolicy: Never\n\
         \x20         containers:\n\
         \x20           - name: plimsoll\n\
         \x20             image: plimsoll:{version} # the image that holds the binary\n\
         \x20             args: [\"run\", \"--job\", \"{job}\", \"--config\", \"/project/{file}\", \"--log-format\", \"json\"]\n\
         \x20             volumeMounts:\n\
         \x20               - name: project\n\
         \x20                 mountPath: /project\n\
         \x20         volumes:\n\
         \x20           - name: project\n\
         \x20             persistentVolumeClaim:\n\
         \x20               claimName: plimsoll-project # the project's folder\n",
        label = job.name.to_lowercase().replace('_', "-"),
        line = spelled_out(&job.line),
        zone = job.time_zone.name(),
        retries = job.retries,
        timeout = job.timeout_seconds,
        version = env!("CARGO_PKG_VERSION"),
        job = job.name,
        file = file.unwrap_or_default(),
    )
}
