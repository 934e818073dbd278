//! One cell of text → one value of the contract's type.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::calendar;
use crate::config::{InstantFormat, Unit};

/// The years that a project has dates in. What lies outside is a mistake, such as
/// milliseconds read as seconds.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// Reads an instant as microseconds since 1970, UTC.
pub(super) fn parse_instant(text: &str, format: Option<&InstantFormat>, zone: Tz) -> Option<i64> {
    let micros = parse_any_instant(text, format, zone)?;
    let instant = DateTime::<Utc>::from_timestamp_micros(micros)?;
    YEARS.contains(&instant.year()).then_some(micros)
}

fn parse_any_instant(text: &str, format: Option<&InstantFormat>, zone: Tz) -> Option<i64> {
    let text = text.trim();
    let instant = match format {
        None => calendar::parse_instant(text, zone)?,
        Some(InstantFormat::EpochSeconds) => return epoch(text, 1_000_000),
        Some(InstantFormat::EpochMilliseconds) => return epoch(text, 1_000),
        Some(InstantFormat::Pattern(pattern)) => parse_pattern(text, pattern, zone)?,
    };
    Some(instant.timestamp_micros())
}

/// Reads a date as days since 1970.
pub(super) fn parse_date(text: &str, format: Option<&InstantFormat>, zone: Tz) -> Option<i32> {
    let text = text.trim();
    let date = match format {
        None => match calendar::parse_date(text) {
            Some(date) => date,
            None => calendar::parse_instant(text, zone)?
                .with_timezone(&zone)
                .date_naive(),
        },
        Some(format) => {
            let micros = parse_instant(text, Some(format), zone)?;
            let instant = DateTime::<Utc>::from_timestamp_micros(micros)?;
            instant.with_timezone(&zone).date_naive()
        }
    };
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).ok()
}

fn epoch(text: &str, micros: i64) -> Option<i64> {
    if let Ok(whole) = text.parse::<i64>() {
        return whole
            .checked_mul(micros)
            .filter(|m| DateTime::<Utc>::from_timestamp_micros(*m).is_some());
    }
    let number = parse_number(text)?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "kept to the range of an i64"
    )]
    let instant = (number.abs() < 9e12).then(|| (number * micros as f64).round() as i64);
    instant
}

fn parse_pattern(text: &str, pattern: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_str(text, pattern) {
        return Some(instant.with_timezone(&Utc));
    }
    let local = NaiveDateTime::parse_from_str(text, pattern).or_else(|_| {
        NaiveDate::parse_from_str(text, pattern).map(|date| date.and_time(NaiveTime::MIN))
    });
    Some(calendar::to_utc(local.ok()?, zone))
}

/// Reads a finite number.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let starts_well = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let number = starts_well.then(|| text.parse::<f64>().ok())??;
    number.is_finite().then_some(number)
}

/// Reads a duration of zero or more, written in `unit`, as a number of `target` units.
pub(super) fn parse_duration(text: &str, unit: Unit, target: Unit) -> Option<f64> {
    let number = parse_number(text)?;
    if number < 0.0 {
        return None;
    }
    if unit == target {
        return Some(number);
    }
    Some(number * unit.seconds() / target.seconds())
}

/// Reads a whole number; `3.0` is one.
pub(super) fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(whole) = text.parse() {
        return Some(whole);
    }
    let number = parse_number(text)?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "whole, and kept to the exact range of a double"
    )]
    let whole = (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
    whole
}

/// Reads a boolean.
pub(super) fn parse_boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

/// Reads one word of a closed list.
pub(super) fn parse_word(text: &str, words: &'static [&'static str]) -> Option<&'static str> {
    words.iter().copied().find(|word| *word == text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Option<InstantFormat> {
        Some(InstantFormat::Pattern(text.into()))
    }

    #[test]
    fn instants_are_read_in_declared_forms() {
        let expected = Some(1_783_330_200_000_000);
        let read =
            |text, format: Option<InstantFormat>| parse_instant(text, format.as_ref(), Tz::UTC);
        assert_eq!(read("2026-07-06T09:30:00Z", None), expected);
        assert_eq!(
            read("06/07/2026 09:30", pattern("%d/%m/%Y %H:%M")),
            expected
        );
        assert_eq!(read("6/7/2026 9:30", pattern("%d/%m/%Y %H:%M")), expected);
        assert_eq!(
            read(
                "6 July 2026, 09:30:00 UTC",
                pattern("%d %B %Y, %H:%M:%S UTC")
            ),
            expected
        );
        assert_eq!(
            read("1783330200", Some(InstantFormat::EpochSeconds)),
            expected
        );
        assert_eq!(
            read("1783330200000", Some(InstantFormat::EpochMilliseconds)),
            expected
        );
        assert_eq!(read("31/31/2024", pattern("%d/%m/%Y")), None);
        assert_eq!(
            read("9999999999999999", Some(InstantFormat::EpochSeconds)),
            None
        );
    }

    #[test]
    fn numbers_are_finite_and_durations_are_not_negative() {
        assert_eq!(parse_number(" 1.5 "), Some(1.5));
        for text in ["NaN", "inf", "", "1,5", "0x1", "1e999"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        assert_eq!(
            parse_duration("7200", Unit::Seconds, Unit::Hours),
            Some(2.0)
        );
        assert_eq!(parse_duration("-1", Unit::Hours, Unit::Hours), None);
        assert_eq!(parse_integer("3.0"), Some(3));
        assert_eq!(parse_integer("3.5"), None);
    }
}
