//! `[[jobs]]`: what runs by itself, and when.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;

use super::parse_zone;
use super::section::Section;
use crate::error::{Error, ErrorKind, Result, nearest};

/// One job: a run of the whole batch at every instant that its line names.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its name: letters, digits, `-` and `_`.
    pub name: String,
    /// Its cron line, as written.
    pub line: String,
    /// The zone in which the line is read.
    pub time_zone: Tz,
    /// The only sources that it pulls anew; `None` for all.
    pub sources: Option<Vec<String>>,
    /// What becomes of the instants that passed while nothing ran.
    pub catch_up: CatchUp,
    /// Up to how many seconds after its instant a run starts, so that many projects do
    /// not ask the same server at once.
    pub jitter_seconds: u32,
    /// After how many seconds a run is ended.
    pub timeout_seconds: u32,
    /// How often a run that failed is tried again.
    pub retries: u32,
    /// How many seconds lie between a failure and the next try.
    pub retry_after_seconds: u32,
    cron: Cron,
}

/// What becomes of the instants that passed while nothing ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// Each gets its run, the earliest first.
    All,
    /// The latest gets a run, the others none.
    Latest,
    /// None gets one.
    Never,
}

/// The first moment of every Monday.
const MONDAYS: &str = "0 0 * * MON";

/// After how many seconds a run is ended, where a job says nothing.
const TIMEOUT_SECONDS: u32 = 3_600;

impl CatchUp {
    const ALL: [(&'static str, Self); 3] = [
        ("all", Self::All),
        ("latest", Self::Latest),
        ("never", Self::Never),
    ];
}

impl Job {
    /// Returns a job that is none of the configuration's: the first moment of every
    /// Monday, at which a week has become whole.
    ///
    /// # Errors
    /// Never, as a test holds.
    pub fn weekly(time_zone: Tz) -> Result<Self> {
        let cron = Cron::from_str(MONDAYS)
            .map_err(|e| Error::new(ErrorKind::Internal, "cannot tell the Mondays").caused_by(e))?;
        Ok(Self {
            name: "weeks".to_owned(),
            line: MONDAYS.to_owned(),
            time_zone,
            sources: None,
            catch_up: CatchUp::All,
            jitter_seconds: 0,
            timeout_seconds: TIMEOUT_SECONDS,
            retries: 0,
            retry_after_seconds: 0,
            cron,
        })
    }

    /// Returns the first instant of the line after another, in absolute time; `None`
    /// where there is none for years.
    ///
    /// In an hour that the clocks skip, a fixed time comes right after it; in one that
    /// they repeat, it comes once.
    pub fn next_after(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = instant.with_timezone(&self.time_zone);
        let next = self.cron.find_next_occurrence(&local, false).ok()?;
        Some(next.with_timezone(&Utc))
    }

    /// Returns the last instant of the line up to another, itself included.
    pub fn last_until(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = instant.with_timezone(&self.time_zone);
        let last = self.cron.find_previous_occurrence(&local, true).ok()?;
        Some(last.with_timezone(&Utc))
    }
}

/// Reads all jobs; of two with one name, the second is a problem.
pub(super) fn read_jobs(sections: &[Section<'_>], zone: Tz, sources: &[&str]) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for section in sections {
        let Some(job) = read_job(section, zone, sources) else {
            continue;
        };
        match jobs.iter().any(|other| other.name == job.name) {
            true => section.problem_at(
                "name",
                &format!("expected each job once, found `{}` again", job.name),
                None,
            ),
            false => jobs.push(job),
        }
    }
    jobs
}

fn read_job(section: &Section<'_>, zone: Tz, known: &[&str]) -> Option<Job> {
    let name = section.required_text("name");
    if let Some(name) = name.filter(|name| !is_name(name)) {
        let what = format!("`name`: expected letters, digits, `-` and `_`, found `{name}`");
        section.problem_at("name", &what, None);
    }
    let line = section.required_text("cron");
    let cron = line.and_then(|line| read_line(section, line));
    let time_zone = section.parsed_or("time_zone", parse_zone, super::near_zone);
    let sources = section.texts("sources");
    for source in sources.iter().flatten() {
        if !known.contains(&source.as_str()) {
            let what = format!("`sources`: expected names of [[sources]], found `{source}`");
            let near = nearest(source, known.iter().copied());
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            section.problem_at("sources", &what, hint);
        }
    }
    let catch_up = section.text("catch_up").map_or(CatchUp::All, |word| {
        let found = CatchUp::ALL.iter().find(|(name, _)| *name == word);
        found.map_or_else(
            || {
                let what = format!("`catch_up`: expected all, latest or never, found `{word}`");
                section.problem_at("catch_up", &what, None);
                CatchUp::All
            },
            |(_, kind)| *kind,
        )
    });
    let whole = |key, default| section.parsed_number::<u32>(key).unwrap_or(default);
    let timeout_seconds = whole("timeout_seconds", TIMEOUT_SECONDS);
    if timeout_seconds == 0 {
        let what = "`timeout_seconds`: expected 1 or more, found 0";
        section.problem_at("timeout_seconds", what, None);
    }
    let [jitter_seconds, retries, retry_after_seconds] = [
        whole("jitter_seconds", 0),
        whole("retries", 2),
        whole("retry_after_seconds", 300),
    ];
    section.finish();
    Some(Job {
        name: name?.to_owned(),
        line: line?.to_owned(),
        time_zone: time_zone.unwrap_or(zone),
        sources,
        catch_up,
        jitter_seconds,
        timeout_seconds,
        retries,
        retry_after_seconds,
        cron: cron?,
    })
}

fn is_name(name: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !name.is_empty() && name.chars().all(is_fine)
}

/// Reads a line of five fields, or one of cron's short words such as `@weekly`.
fn read_line(section: &Section<'_>, line: &str) -> Option<Cron> {
    let fields = line.split_whitespace().count();
    let is_short = line.trim_start().starts_with('@');
    let found = match Cron::from_str(line) {
        Ok(cron) if fields == 5 || is_short => return Some(cron),
        Ok(_) => format!("{fields} fields"),
        Err(error) => format!("`{line}` ({error})"),
    };
    let what = format!(
        "`cron`: expected minute, hour, day of the month, month and day of the week, found {found}"
    );
    let hint = "\"0 7 * * MON\" is Mondays at seven".to_owned();
    section.problem_at("cron", &what, Some(hint));
    None
}
