//! One cell of text → one value of the contract's type.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::duration;
use crate::calendar;
use crate::config::{DurationUnit, InstantFormat};

/// The years that a project has dates in. What lies outside is a mistake, such as
/// milliseconds read as seconds.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// How numbers are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct NumberStyle {
    pub(super) decimal: u8,
    pub(super) thousands: Option<char>,
}

/// Reads an instant as microseconds since 1970, UTC; of several formats the first
/// that fits.
pub(super) fn parse_instant(text: &str, formats: &[InstantFormat], zone: Tz) -> Option<i64> {
    let text = text.trim();
    let micros = match formats {
        [] => calendar::parse_instant(text, zone)?.timestamp_micros(),
        formats => formats
            .iter()
            .find_map(|format| parse_formatted(text, format, zone))?,
    };
    let instant = DateTime::<Utc>::from_timestamp_micros(micros)?;
    YEARS.contains(&instant.year()).then_some(micros)
}

fn parse_formatted(text: &str, format: &InstantFormat, zone: Tz) -> Option<i64> {
    match format {
        InstantFormat::EpochSeconds => epoch(text, 1_000_000),
        InstantFormat::EpochMilliseconds => epoch(text, 1_000),
        InstantFormat::EpochMicroseconds => epoch(text, 1),
        InstantFormat::Pattern(pattern) => {
            Some(parse_pattern(text, pattern, zone)?.timestamp_micros())
        }
    }
}

/// Reads a date as days since 1970.
pub(super) fn parse_date(text: &str, formats: &[InstantFormat], zone: Tz) -> Option<i32> {
    let text = text.trim();
    let date = match formats {
        [] => match calendar::parse_date(text) {
            Some(date) => date,
            None => calendar::parse_instant(text, zone)?
                .with_timezone(&zone)
                .date_naive(),
        },
        formats => {
            let micros = parse_instant(text, formats, zone)?;
            let instant = DateTime::<Utc>::from_timestamp_micros(micros)?;
            instant.with_timezone(&zone).date_naive()
        }
    };
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).ok()
}

const PLAIN: NumberStyle = NumberStyle {
    decimal: b'.',
    thousands: None,
};

fn epoch(text: &str, micros: i64) -> Option<i64> {
    if let Ok(whole) = text.parse::<i64>() {
        return whole
            .checked_mul(micros)
            .filter(|m| DateTime::<Utc>::from_timestamp_micros(*m).is_some());
    }
    let number = parse_number(text, PLAIN)?;
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
    let zone = written_zone(text, pattern, zone)?;
    let local = NaiveDateTime::parse_from_str(text, pattern).or_else(|_| {
        NaiveDate::parse_from_str(text, pattern).map(|date| date.and_time(NaiveTime::MIN))
    });
    Some(calendar::to_utc(local.ok()?, zone))
}

/// Returns the zone that the text says: UTC where the pattern has that word; where it
/// has `%Z`, UTC or a zone's full name, for abbreviations such as CST mean several.
fn written_zone(text: &str, pattern: &str, zone: Tz) -> Option<Tz> {
    if pattern.contains("UTC") || pattern.contains("GMT") {
        return Some(Tz::UTC);
    }
    if !pattern.contains("%Z") {
        return Some(zone);
    }
    let mut words = text.split_whitespace();
    words.find_map(|word| match word {
        "UTC" | "GMT" | "Z" => Some(Tz::UTC),
        name if name.contains('/') && !name.contains(|c: char| c.is_ascii_digit()) => {
            name.parse().ok()
        }
        _ => None,
    })
}

/// Reads a finite number.
pub(super) fn parse_number(text: &str, style: NumberStyle) -> Option<f64> {
    let mut text = Cow::Borrowed(text.trim());
    if let Some(mark) = style.thousands {
        text = ungroup(&text, mark, char::from(style.decimal))?.into();
    }
    if style.decimal == b',' {
        if text.contains('.') {
            return None;
        }
        text = text.replacen(',', ".", 1).into();
    }
    let starts_well = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let number = starts_well.then(|| text.parse::<f64>().ok())??;
    number.is_finite().then_some(number)
}

/// Takes the grouping out of a number whose groups have three digits each.
fn ungroup(text: &str, mark: char, decimal: char) -> Option<String> {
    let (whole, fraction) = match text.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default();
    let is_first_right = first.trim_start_matches(['+', '-']).len() <= 3 || !whole.contains(mark);
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    if !is_first_right || !groups.all(is_group) {
        return None;
    }
    let whole = whole.replace(mark, "");
    Some(match fraction {
        Some(fraction) => format!("{whole}{decimal}{fraction}"),
        None => whole,
    })
}

/// Reads a duration of zero or more, written in `unit`, as a number of `target` units.
pub(super) fn parse_duration(
    text: &str,
    unit: DurationUnit,
    target: DurationUnit,
    style: NumberStyle,
) -> Option<f64> {
    if let DurationUnit::Text {
        hours_per_day,
        days_per_week,
    } = unit
    {
        let day = hours_per_day.map(|hours| hours * 3_600.0);
        let seconds = duration::parse_seconds(text, day, days_per_week, style)?;
        return Some(seconds / seconds_in(target));
    }
    let number = parse_number(text, style).filter(|number| *number >= 0.0)?;
    if unit == target {
        return Some(number);
    }
    Some(number * seconds_in(unit) / seconds_in(target))
}

/// Returns the length of a unit; a text has none of its own.
fn seconds_in(unit: DurationUnit) -> f64 {
    match unit {
        DurationUnit::Milliseconds => 0.001,
        DurationUnit::Seconds | DurationUnit::Text { .. } => 1.0,
        DurationUnit::Minutes => 60.0,
        DurationUnit::Hours => 3_600.0,
        DurationUnit::Days => 86_400.0,
    }
}

/// Reads a list; empty elements are none.
pub(super) fn parse_list(text: &str, separator: Option<&str>) -> Vec<String> {
    let elements = text.split(separator.filter(|s| !s.is_empty()).unwrap_or(";"));
    elements
        .map(str::trim)
        .filter(|element| !element.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Reads a whole number; `3.0` is one.
pub(super) fn parse_integer(text: &str, style: NumberStyle) -> Option<i64> {
    let text = text.trim();
    if let Ok(whole) = text.parse() {
        return Some(whole);
    }
    let number = parse_number(text, style)?;
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
        "true" | "t" | "yes" | "y" | "1" => Some(true),
        "false" | "f" | "no" | "n" | "0" => Some(false),
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

    fn pattern(text: &str) -> Vec<InstantFormat> {
        vec![InstantFormat::Pattern(text.into())]
    }

    fn comma() -> NumberStyle {
        NumberStyle {
            decimal: b',',
            thousands: Some('.'),
        }
    }

    #[test]
    fn instants_are_read_in_declared_forms() {
        // 2026-07-06T09:30:00Z
        let expected = Some(1_783_330_200_000_000);
        let berlin: Tz = "Europe/Berlin".parse().expect("it is a zone");
        let cases = [
            ("2026-07-06T09:30:00Z", vec![], berlin),
            ("2026-07-06 11:30:00+02", vec![], Tz::UTC),
            ("2026-07-06T11:30:00.000+0200", vec![], Tz::UTC),
            ("06/07/2026 11:30", pattern("%d/%m/%Y %H:%M"), berlin),
            ("6/7/2026 9:30", pattern("%d/%m/%Y %H:%M"), Tz::UTC),
            (
                "6 July 2026, 09:30:00 UTC",
                pattern("%d %B %Y, %H:%M:%S UTC"),
                berlin,
            ),
            (
                "6 July 2026, 09:30:00 UTC",
                pattern("%d %B %Y, %H:%M:%S %Z"),
                berlin,
            ),
            ("1783330200", vec![InstantFormat::EpochSeconds], berlin),
            (
                "1783330200000",
                vec![InstantFormat::EpochMilliseconds],
                berlin,
            ),
            (
                "1783330200000000",
                vec![InstantFormat::EpochMicroseconds],
                berlin,
            ),
        ];
        for (text, formats, zone) in cases {
            assert_eq!(parse_instant(text, &formats, zone), expected, "{text}");
        }
        let either = [pattern("%d/%m/%Y %H:%M:%S"), pattern("%d-%m-%Y %H:%M")].concat();
        assert_eq!(
            parse_instant("06-07-2026 09:30", &either, Tz::UTC),
            expected
        );
        let refused = [
            ("31/31/2024", "%d/%m/%Y"),
            ("Mon Jul 6 09:30:00 PDT 2026", "%a %b %d %H:%M:%S %Z %Y"),
        ];
        for (text, form) in refused {
            assert_eq!(parse_instant(text, &pattern(form), Tz::UTC), None, "{text}");
        }
        let seconds = [InstantFormat::EpochSeconds];
        assert_eq!(parse_instant("9999999999999999", &seconds, Tz::UTC), None);
    }

    #[test]
    fn dates_with_names_and_short_years_are_read() {
        // Days from 1970-01-01: 2004-11-02 is 12724, 2011-09-23 is 15240.
        let date = |text, form| parse_date(text, &pattern(form), Tz::UTC);
        assert_eq!(date("02-Nov-04", "%d-%b-%y"), Some(12_724));
        assert_eq!(date("2/11/2004", "%d/%m/%Y"), Some(12_724));
        assert_eq!(date("09/23/11", "%m/%d/%y"), Some(15_240));
    }

    #[test]
    fn numbers_are_finite_and_durations_are_not_negative() {
        assert_eq!(parse_number(" 1.5 ", PLAIN), Some(1.5));
        for text in ["NaN", "inf", "", "1,5", "0x1", "1e999"] {
            assert_eq!(parse_number(text, PLAIN), None, "{text}");
        }
        let hours = |text, unit| parse_duration(text, unit, DurationUnit::Hours, PLAIN);
        assert_eq!(hours("7200", DurationUnit::Seconds), Some(2.0));
        assert_eq!(hours("1800000", DurationUnit::Milliseconds), Some(0.5));
        assert_eq!(hours("-1", DurationUnit::Hours), None);
        assert_eq!(parse_integer("3.0", PLAIN), Some(3));
        assert_eq!(parse_integer("3.5", PLAIN), None);
    }

    #[test]
    fn a_decimal_comma_and_grouped_digits_are_read_only_where_declared() {
        assert_eq!(parse_number("1.234,5", comma()), Some(1_234.5));
        assert_eq!(parse_number("-12,25", comma()), Some(-12.25));
        assert_eq!(parse_number("1.234.567", comma()), Some(1_234_567.0));
        for text in ["1.5", "1,234.5", "12.34,5", "1,2,3"] {
            assert_eq!(parse_number(text, comma()), None, "{text}");
        }
    }

    #[test]
    fn a_list_has_no_empty_elements() {
        assert_eq!(parse_list(" a; b;;c ", None), ["a", "b", "c"]);
        assert_eq!(parse_list("a, b;c", Some(",")), ["a", "b;c"]);
    }
}
