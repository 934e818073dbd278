//! How single cells are written: numbers, durations, instants.
//!
//! Apart from the reading of them (`ingest/cell.rs`), because the configuration
//! declares these and lies below the room that reads.

use chrono::Weekday;

use crate::calendar::InstantPattern;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberStyle {
    /// The decimal mark: `.` or `,`.
    pub decimal: u8,
    /// The digit grouping that is taken out.
    pub thousands: Option<char>,
}

impl NumberStyle {
    /// A point, and digits that are not grouped.
    pub const PLAIN: Self = Self {
        decimal: b'.',
        thousands: None,
    };
}

/// How a duration is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DurationUnit {
    /// A number of milliseconds.
    Milliseconds,
    /// A number of seconds.
    Seconds,
    /// A number of minutes.
    Minutes,
    /// A number of hours.
    Hours,
    /// A number of days of 24 hours.
    Days,
    /// Text with its units in it, such as `2h 30m`, `PT2H30M` or `01:30:00`.
    Text {
        /// How many hours a day has; without it days and weeks are refused.
        hours_per_day: Option<f64>,
        /// How many days a week has.
        days_per_week: f64,
    },
}

impl DurationUnit {
    /// Returns the length of one unit in seconds; text has none.
    pub fn seconds(self) -> Option<f64> {
        match self {
            Self::Milliseconds => Some(0.001),
            Self::Seconds => Some(1.0),
            Self::Minutes => Some(60.0),
            Self::Hours => Some(3_600.0),
            Self::Days => Some(86_400.0),
            Self::Text { .. } => None,
        }
    }
}

/// How an instant or a date is written.
#[derive(Debug, Clone, PartialEq)]
pub enum InstantFormat {
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// Microseconds since 1970.
    EpochMicroseconds,
    /// Days since 30 December 1899, as spreadsheets count them, in the source's zone.
    SpreadsheetDays,
    /// A strftime pattern.
    Pattern(InstantPattern),
}

impl InstantFormat {
    /// Reads what the configuration says: `epoch_s`, `epoch_ms`, `epoch_us`, `excel`,
    /// or a pattern such as `%d/%m/%Y %H:%M`. `None` where it is none of them.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "epoch_s" => Some(Self::EpochSeconds),
            "epoch_ms" => Some(Self::EpochMilliseconds),
            "epoch_us" => Some(Self::EpochMicroseconds),
            "excel" => Some(Self::SpreadsheetDays),
            pattern => InstantPattern::parse(pattern).map(Self::Pattern),
        }
    }

    /// Returns the form in words, with an example.
    pub fn describe(&self) -> String {
        match self {
            Self::EpochSeconds => "seconds since 1970 such as 1783330200".into(),
            Self::EpochMilliseconds => "milliseconds since 1970 such as 1783330200000".into(),
            Self::EpochMicroseconds => "microseconds since 1970 such as 1783330200000000".into(),
            Self::SpreadsheetDays => "days since 30 December 1899 such as 46209.395833".into(),
            Self::Pattern(pattern) => {
                format!("`{}` such as {}", pattern.text(), pattern.example())
            }
        }
    }

    /// Returns the weekday that a text's date has, where the text names another.
    pub fn contradicted_weekday(&self, text: &str) -> Option<Weekday> {
        match self {
            Self::Pattern(pattern) => pattern.contradicted_weekday(text.trim()),
            _ => None,
        }
    }
}
