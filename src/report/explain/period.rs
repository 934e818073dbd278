//! Periods as people name them, and as the marts of measures do.

use chrono::{NaiveDate, Weekday};

use crate::calendar;
use crate::error::{Error, ErrorKind, Result};

/// A period or a release, as `measure_rows` names it.
pub(super) struct Period {
    /// week, quarter or release.
    pub(super) kind: &'static str,
    /// `2026-W27`, `2026-Q2` or the release's id.
    pub(super) name: String,
    /// The Monday of a week.
    pub(super) monday: Option<NaiveDate>,
}

impl Period {
    pub(super) fn week(monday: NaiveDate) -> Self {
        Self {
            kind: "week",
            name: calendar::iso_week(monday),
            monday: Some(monday),
        }
    }

    pub(super) fn quarter(name: String) -> Self {
        Self {
            kind: "quarter",
            name,
            monday: None,
        }
    }

    pub(super) fn release(id: String) -> Self {
        Self {
            kind: "release",
            name: id,
            monday: None,
        }
    }

    /// Returns the mart that has the figures of such periods, and its column for them.
    pub(super) fn mart(&self) -> (&'static str, &'static str) {
        match self.kind {
            "week" => ("weekly_measures", "iso_week"),
            "quarter" => ("quarterly_measures", "quarter"),
            _ => ("release_measures", "release_id"),
        }
    }
}

/// Reads an ISO week; returns its Monday.
pub(super) fn parse_week(text: &str) -> Result<NaiveDate> {
    let parsed = text.split_once("-W").and_then(|(year, week)| {
        NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)
    });
    let written = parsed.filter(|monday| calendar::iso_week(*monday) == text);
    written.ok_or_else(|| unreadable("week", "an ISO week such as 2026-W27", text))
}

/// Reads a quarter.
pub(super) fn parse_quarter(text: &str) -> Result<String> {
    let is_quarter = text.split_once("-Q").is_some_and(|(year, quarter)| {
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        is_year && ["1", "2", "3", "4"].contains(&quarter)
    });
    match is_quarter {
        true => Ok(text.to_owned()),
        false => Err(unreadable("quarter", "a quarter such as 2026-Q2", text)),
    }
}

fn unreadable(what: &str, expected: &str, found: &str) -> Error {
    let message = format!("cannot read the {what}: expected {expected}, found `{found}`");
    Error::new(ErrorKind::Usage, message).hint("periods are cut in the project's time zone")
}
