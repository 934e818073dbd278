//! One cell of text → one value of the contract's type.
//!
//! Numbers are read in the style that the export declares, and strictly: `1.234`
//! where the point groups digits is not the same as where it marks decimals, and
//! groups of the wrong length are no number. Durations in text are read in
//! `cell/duration.rs`.

mod duration;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::calendar;
use crate::config::{DurationUnit, InstantFormat, NumberStyle};

/// The years that a project has dates in. What lies outside is a mistake, such as
/// milliseconds read as seconds.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// Blanks that group digits; exports mix them freely.
const BLANKS: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

/// Apostrophes that group digits.
const APOSTROPHES: [char; 2] = ['\'', '\u{2019}'];

/// Reads an instant as microseconds since 1970, UTC. The formats are tried in order;
/// without any it is RFC 3339 or ISO 8601.
pub(super) fn parse_instant(text: &str, formats: &[InstantFormat], zone: Tz) -> Option<i64> {
    let text = text.trim();
    if formats.is_empty() {
        return within_years(calendar::parse_instant(text, zone)?.timestamp_micros());
    }
    let mut read = formats.iter().filter_map(|format| match format {
        InstantFormat::EpochSeconds => epoch(text, 1_000_000),
        InstantFormat::EpochMilliseconds => epoch(text, 1_000),
        InstantFormat::EpochMicroseconds => epoch(text, 1),
        InstantFormat::SpreadsheetDays => serial(text, zone),
        InstantFormat::Pattern(pattern) => Some(pattern.read(text, zone)?.timestamp_micros()),
    });
    read.find_map(within_years)
}

fn within_years(micros: i64) -> Option<i64> {
    let instant = DateTime::<Utc>::from_timestamp_micros(micros)?;
    YEARS.contains(&instant.year()).then_some(micros)
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

fn epoch(text: &str, micros: i64) -> Option<i64> {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.checked_mul(micros);
    }
    let number = parse_number(text, NumberStyle::PLAIN)?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "kept to the range of an i64"
    )]
    let instant = (number.abs() < 9e12).then(|| (number * micros as f64).round() as i64);
    instant
}

/// Reads a spreadsheet's day, whichever decimal mark its fraction has: it is never
/// grouped.
fn serial(text: &str, zone: Tz) -> Option<i64> {
    let days = parse_number(&text.replacen(',', ".", 1), NumberStyle::PLAIN)?;
    Some(calendar::instant_of_serial(days, zone)?.timestamp_micros())
}

/// Reads a finite number.
pub(super) fn parse_number(text: &str, style: NumberStyle) -> Option<f64> {
    let text = text.trim();
    let starts_well = text.starts_with(|c: char| c.is_ascii_digit() || "+-.,".contains(c));
    let is_plain = style == NumberStyle::PLAIN;
    let number = match starts_well {
        true if is_plain => text.parse::<f64>().ok()?,
        true => plain(text, style)?.parse::<f64>().ok()?,
        false => return None,
    };
    number.is_finite().then_some(number)
}

/// Writes a number with a point and without groups.
fn plain(text: &str, style: NumberStyle) -> Option<String> {
    let mark = char::from(style.decimal);
    let (whole, fraction) = match text.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let other_mark = if mark == '.' { ',' } else { '.' };
    let mut plain = match style.thousands {
        Some(separator) => ungrouped(whole, separator)?,
        None => whole.to_owned(),
    };
    if plain.contains(other_mark) || fraction.is_some_and(|text| text.contains(['.', ','])) {
        return None;
    }
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

/// Takes the grouping out: `1.234.567`, `12 345`. Groups have three digits; between
/// commas also two but for the last (`12,34,567`), as in India.
fn ungrouped(whole: &str, separator: char) -> Option<String> {
    let is_separator = |c: char| same_grouping(c, separator);
    if !whole.contains(is_separator) {
        return Some(whole.to_owned());
    }
    let (sign, digits) = match whole.strip_prefix(['+', '-']) {
        Some(digits) => (&whole[..1], digits),
        None => ("", whole),
    };
    let groups: Vec<&str> = digits.split(is_separator).collect();
    let is_digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit());
    let (last, others) = groups.split_last()?;
    let (first, inner) = others.split_first()?;
    let inner_have = |length| inner.iter().all(|group| group.len() == length);
    let is_right = groups.iter().all(is_digits)
        && last.len() == 3
        && (1..=3).contains(&first.len())
        && (inner_have(3) || (separator == ',' && first.len() < 3 && inner_have(2)));
    is_right.then(|| format!("{sign}{}", groups.concat()))
}

fn same_grouping(found: char, separator: char) -> bool {
    let both = |alike: &[char]| alike.contains(&found) && alike.contains(&separator);
    found == separator || both(&BLANKS) || both(&APOSTROPHES)
}

/// Reads a duration of zero or more, written in `unit`, as a number of `target` units.
pub(super) fn parse_duration(
    text: &str,
    unit: DurationUnit,
    target: DurationUnit,
    style: NumberStyle,
) -> Option<f64> {
    if unit == target {
        return parse_number(text, style).filter(|number| is_length(*number));
    }
    let seconds = match unit {
        DurationUnit::Text {
            hours_per_day,
            days_per_week,
        } => duration::parse_text(text.trim(), hours_per_day, days_per_week, style)?,
        // A division by a thousand is exact where a product with its inverse is not.
        DurationUnit::Milliseconds => parse_number(text, style)? / 1_000.0,
        unit => parse_number(text, style)? * unit.seconds()?,
    };
    let number = match target {
        DurationUnit::Milliseconds => seconds * 1_000.0,
        target => seconds / target.seconds()?,
    };
    is_length(number).then_some(number)
}

/// Adds a duration to an instant in microseconds.
pub(super) fn add_duration(
    start: i64,
    text: &str,
    unit: DurationUnit,
    style: NumberStyle,
) -> Option<i64> {
    let seconds = parse_duration(text, unit, DurationUnit::Seconds, style)?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a cast keeps to the range, and a sum beyond the years is refused"
    )]
    let micros = (seconds * 1e6).round() as i64;
    within_years(start.checked_add(micros)?)
}

fn is_length(number: f64) -> bool {
    number.is_finite() && number >= 0.0
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
        "true" | "yes" | "y" | "t" | "1" => Some(true),
        "false" | "no" | "n" | "f" | "0" => Some(false),
        _ => None,
    }
}

/// Reads one word of a closed list.
pub(super) fn parse_word(text: &str, words: &'static [&'static str]) -> Option<&'static str> {
    words.iter().copied().find(|word| *word == text.trim())
}

#[cfg(test)]
mod tests;
