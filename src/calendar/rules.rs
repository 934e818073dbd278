//! Which days are worked, and from when to when, in local time.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

/// From when to when is worked; it ends after it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingHours {
    /// When work starts.
    pub from: NaiveTime,
    /// When it ends.
    pub to: NaiveTime,
}

impl WorkingHours {
    /// Reads two times such as `09:00`; `None` where one is none, or the end is not
    /// after the start.
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        let time = |text| NaiveTime::parse_from_str(text, "%H:%M").ok();
        let hours = Self {
            from: time(from)?,
            to: time(to)?,
        };
        (hours.from < hours.to).then_some(hours)
    }
}

/// Working days and hours.
#[derive(Debug, Clone)]
pub struct CalendarRules {
    /// The days of the week that are worked.
    pub working_days: Vec<Weekday>,
    /// The usual hours: they make one working day, in which durations are counted.
    pub hours: WorkingHours,
    /// Days of the week with other hours.
    pub weekday_hours: Vec<(Weekday, WorkingHours)>,
    /// Single days with hours of their own; not worked where they have none.
    pub special_days: BTreeMap<NaiveDate, Option<WorkingHours>>,
}

impl CalendarRules {
    /// Returns the hours of a day; `None` where it is not worked.
    pub fn hours_on(&self, day: NaiveDate) -> Option<WorkingHours> {
        if let Some(special) = self.special_days.get(&day) {
            return *special;
        }
        let weekday = day.weekday();
        if !self.working_days.contains(&weekday) {
            return None;
        }
        let mut others = self.weekday_hours.iter();
        let other = others.find(|(known, _)| *known == weekday);
        Some(other.map_or(self.hours, |(_, hours)| *hours))
    }
}

/// A day of a calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    /// The day.
    pub day: NaiveDate,
    /// What it is called.
    pub name: String,
    /// Its hours; `None` where it is not worked.
    pub hours: Option<WorkingHours>,
    /// The line of the file that says so.
    pub line: usize,
}

/// Something wrong with a line of a calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// The line, counted from 1.
    pub line: usize,
    /// What was expected and what was found.
    pub what: String,
    /// What to do.
    pub hint: &'static str,
}
