//! The section `[calendar]`: which days are worked, with the files that list days.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::read_all;
use super::section::Section;
use crate::calendar::{
    CalendarRules, LineProblem, SpecialDay, WorkingHours, parse_day_file, parse_event_file,
};
use crate::error::{Error, ErrorKind};
use crate::fs;

/// Reads the section; beside the rules, the SHA-256 of each file that it names.
pub(super) fn read_calendar(section: &Section<'_>, root: &Path) -> (CalendarRules, Vec<String>) {
    let default_days = || {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        vec![Mon, Tue, Wed, Thu, Fri]
    };
    let mut rules = CalendarRules {
        working_days: read_all(section, "working_days", "a weekday such as \"mon\"")
            .unwrap_or_else(default_days),
        hours: read_hours(section),
        weekday_hours: Vec::new(),
        special_days: std::collections::BTreeMap::new(),
    };
    rules.weekday_hours = read_weekday_hours(section, &rules.working_days);
    let holidays: Vec<NaiveDate> =
        read_all(section, "holidays", "a date such as \"2026-12-25\"").unwrap_or_default();
    rules
        .special_days
        .extend(holidays.into_iter().map(|day| (day, None)));
    let mut hashes = Vec::new();
    for file in section.one_or_more("file").unwrap_or_default() {
        if let Some((days, hash)) = read_file(section, root, &file) {
            hashes.push(hash);
            add_days(section, &file, days, &mut rules);
        }
    }
    section.finish();
    (rules, hashes)
}

fn read_hours(section: &Section<'_>) -> WorkingHours {
    let default_hours = || vec!["09:00".to_owned(), "17:00".to_owned()];
    let written = section.texts("working_hours").unwrap_or_else(default_hours);
    parse_hours(&written).unwrap_or_else(|| {
        let what = format!("`working_hours`: {}", expected_hours(&written));
        section.problem_at("working_hours", &what, None);
        WorkingHours {
            from: NaiveTime::MIN,
            to: NaiveTime::MIN,
        }
    })
}

fn parse_hours(written: &[String]) -> Option<WorkingHours> {
    match written {
        [from, to] => WorkingHours::parse(from, to),
        _ => None,
    }
}

fn expected_hours(found: &[String]) -> String {
    let found = found.join("`, `");
    format!("expected a start and a later end such as [\"09:00\", \"17:00\"], found `{found}`")
}

/// Reads `weekday_hours = { fri = ["09:00", "13:00"] }`.
fn read_weekday_hours(
    section: &Section<'_>,
    working_days: &[Weekday],
) -> Vec<(Weekday, WorkingHours)> {
    let mut others = Vec::new();
    for (name, entry) in section.section("weekday_hours").entries() {
        let weekday = name.parse::<Weekday>().ok();
        let Some(weekday) = weekday.filter(|weekday| working_days.contains(weekday)) else {
            let what = format!("`weekday_hours`: expected a day of `working_days`, found `{name}`");
            entry.problem(&what, None);
            continue;
        };
        let written = entry.texts().unwrap_or_default();
        match parse_hours(&written) {
            Some(hours) => others.push((weekday, hours)),
            None => {
                let what = format!("`{name}` in `weekday_hours`: {}", expected_hours(&written));
                entry.problem(&what, None);
            }
        }
    }
    others
}

/// Reads a calendar file: iCalendar where its name ends so, else CSV.
fn read_file(section: &Section<'_>, root: &Path, file: &str) -> Option<(Vec<SpecialDay>, String)> {
    let path = root.join(file);
    if !path.is_file() {
        let what = format!("`file`: expected a calendar, found no file `{file}`");
        let hint = "its path is relative to the project's folder".to_owned();
        section.problem_at("file", &what, Some(hint));
        return None;
    }
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            section.adopt(vec![error]);
            return None;
        }
    };
    let parsed = match path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("ics"))
    {
        true => parse_event_file(&text),
        false => parse_day_file(&text),
    };
    match parsed {
        Ok(days) => Some((days, fs::sha256(text.as_bytes()))),
        Err(problems) => {
            section.adopt(problems.iter().map(|found| located(file, found)).collect());
            None
        }
    }
}

fn located(file: &str, found: &LineProblem) -> Error {
    let message = format!("cannot read `{file}` line {}: {}", found.line, found.what);
    Error::new(ErrorKind::Project, message).hint(found.hint)
}

/// Adds the days of a file; a day that is there already must say the same.
fn add_days(section: &Section<'_>, file: &str, days: Vec<SpecialDay>, rules: &mut CalendarRules) {
    for special in days {
        let known = rules.special_days.insert(special.day, special.hours);
        if known.is_some_and(|hours| hours != special.hours) {
            let what = format!(
                "expected one say on {}, found other hours for it before",
                special.day
            );
            section.adopt(vec![located(
                file,
                &LineProblem {
                    line: special.line,
                    what,
                    hint: "list a day once, in `holidays` or in one file",
                },
            )]);
        }
    }
}
