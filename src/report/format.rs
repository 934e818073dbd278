//! The one formatter: how every number, date and share is written.
//!
//! Integers with a comma between thousands; one decimal only below ten or for a
//! ratio; a true minus; an em dash for what is missing, never 0. All of a page goes
//! through here, so that two pages never write one value in two ways.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// What stands for a missing value.
pub const MISSING: &str = "—";

/// Writes a whole number of any kind: `12,345`, `−7`. What no `i64` holds is far
/// beyond any count of rows, and is written as the largest one.
pub fn integer(number: impl TryInto<i64>) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 {
        format!("−{text}")
    } else {
        text
    }
}

/// From here on a number is written by its power of ten: no count and no duration is so
/// large, and its last digits would be made up.
const SCIENTIFIC_FROM: f64 = 1e15;

/// Writes a number: one decimal below ten, none from ten on, and `1.2e300` where it is
/// beyond all measure.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    if value.abs() >= SCIENTIFIC_FROM {
        let sign = if value < 0.0 { "−" } else { "" };
        return format!(
            "{sign}{}",
            format!("{:.1e}", value.abs()).replace(".0e", "e")
        );
    }
    let tenths = (value.abs() * 10.0).round() / 10.0;
    let sign = if value < 0.0 && tenths > 0.0 {
        "−"
    } else {
        ""
    };
    if tenths < 10.0 && tenths.fract() != 0.0 {
        return format!("{sign}{tenths:.1}");
    }
    #[allow(clippy::cast_possible_truncation, reason = "it is below 1e15")]
    let whole = value.abs().round() as i64;
    format!("{sign}{}", integer(whole))
}

/// Returns a number as [`number`] writes it, so that a difference of two written ones
/// is the one a reader finds.
pub fn as_shown(value: f64) -> f64 {
    let tenths = (value * 10.0).round() / 10.0;
    if tenths.abs() < 10.0 {
        tenths
    } else {
        value.round()
    }
}

/// Returns a ratio in per cent as [`percent`] writes it.
pub fn percent_as_shown(ratio: f64) -> f64 {
    if (0.995..1.0).contains(&ratio) {
        return (ratio * 1_000.0).floor() / 10.0;
    }
    as_shown(ratio * 100.0)
}

/// Writes a number with its sign: `+3`, `−0.4`, `0`.
pub fn signed(value: f64) -> String {
    let text = number(value);
    if value > 0.0 && text != "0" {
        format!("+{text}")
    } else {
        text
    }
}

/// Writes a ratio as a percentage: `12%`, `0.4%`. Only nothing is `0%` and only the
/// whole is `100%`: a share between is never rounded to either.
pub fn percent(ratio: f64) -> String {
    if !ratio.is_finite() {
        return MISSING.to_owned();
    }
    if ratio > 0.0 && ratio < 0.000_5 {
        return "<0.1%".to_owned();
    }
    if (0.995..1.0).contains(&ratio) {
        let tenths = (ratio * 1_000.0).floor() / 10.0;
        return format!("{tenths:.1}%");
    }
    format!("{}%", number(ratio * 100.0))
}

/// Writes a chance: three decimals, `<0.001` below them.
pub fn probability(chance: f64) -> String {
    if !chance.is_finite() {
        return MISSING.to_owned();
    }
    if chance < 0.001 {
        return "<0.001".to_owned();
    }
    format!("{chance:.3}")
}

/// Writes a ratio to one as a change with its sign: `+25%`, `−9.4%`.
pub fn change(ratio: f64) -> String {
    if !ratio.is_finite() {
        return MISSING.to_owned();
    }
    format!("{}%", signed((ratio - 1.0) * 100.0))
}

/// Writes a logarithm of a ratio with its sign and two decimals: `+0.18`, `−0.05`.
pub fn signed_ratio(value: f64) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    let text = format!("{:.2}", value.abs());
    match (text.as_str(), value < 0.0) {
        ("0.00", _) => "0".to_owned(),
        (_, true) => format!("−{text}"),
        (_, false) => format!("+{text}"),
    }
}

/// Writes a number of days: `1 day`, `19 days`.
pub fn days(value: f64) -> String {
    let text = number(value);
    let unit = if text == "1" { "day" } else { "days" };
    format!("{text} {unit}")
}

/// Writes a number of hours: `1 hour`, `3.5 hours`.
pub fn hours(value: f64) -> String {
    let text = number(value);
    let unit = if text == "1" { "hour" } else { "hours" };
    format!("{text} {unit}")
}

/// Writes an age in whole days, without the unit: `58`.
pub fn whole_days(value: f64) -> String {
    number(value.floor())
}

/// Writes an age in whole days: `1 day`, `58 days`.
pub fn age(value: f64) -> String {
    days(value.floor())
}

/// Shortens a text to at most `most` characters, with an ellipsis where it was cut.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Writes a count of things: `1 item`, `2,000 items`.
pub fn count(number: impl TryInto<i64>, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    let name = if number == 1 { one } else { many };
    format!("{} {name}", integer(number))
}

/// Writes a percentile's rank: `86th`, `91st`.
pub fn ordinal(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "a percentile is 0 to 100")]
    let whole = value.floor() as i64;
    let suffix = match (whole % 10, whole % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{whole}{suffix}")
}

/// Writes a date: `6 Jul 2026`.
pub fn date(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// Writes a date without its year: `6 Jul`.
pub fn short_date(date: NaiveDate) -> String {
    date.format("%-d %b").to_string()
}

/// Writes an instant in a zone, which is named: `6 Jul 2026, 00:00 BST`.
pub fn instant(instant: DateTime<Utc>, zone: Tz) -> String {
    instant
        .with_timezone(&zone)
        .format("%-d %b %Y, %H:%M %Z")
        .to_string()
}

/// Writes a week from Monday to Sunday: `Monday 29 June – Sunday 5 July 2026`.
pub fn week(monday: NaiveDate) -> String {
    let sunday = monday + TimeDelta::days(6);
    let year = if monday.year() == sunday.year() {
        ""
    } else {
        " %Y"
    };
    let first = monday.format(&format!("Monday %-d %B{year}")).to_string();
    format!("{first} – {}", sunday.format("Sunday %-d %B %Y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_decimal_only_below_ten() {
        for (value, text) in [
            (0.0, "0"),
            (-0.01, "0"),
            (0.44, "0.4"),
            (9.96, "10"),
            (9.94, "9.9"),
            (12.5, "13"),
            (-3.2, "−3.2"),
            (12_345.6, "12,346"),
            (f64::NAN, "—"),
            (1e15 - 1.0, "999,999,999,999,999"),
            (1e300, "1e300"),
            (-1.26e16, "−1.3e16"),
            (3.0, "3"),
        ] {
            assert_eq!(number(value), text, "{value}");
        }
    }

    #[test]
    fn written_numbers_subtract_to_the_written_difference() {
        // 61.25 and 75.74 are read as 61 and 76: a reader finds 15, not 14.49.
        assert_eq!(signed(as_shown(61.25) - as_shown(75.74)), "−15");
        assert_eq!(signed(as_shown(9.96) - as_shown(9.04)), "+1");
        assert_eq!(
            signed(percent_as_shown(12.0 / 42.0) - percent_as_shown(0.1143)),
            "+18"
        );
        for value in [0.0, -0.04, 9.94, 9.96, -12.5, 12.5, 61.25, 123.4] {
            assert_eq!(number(as_shown(value)), number(value), "{value}");
        }
        for ratio in [0.0, 0.004, 0.174, 0.5, 0.994, 0.996, 0.999_99, 1.0, 1.25] {
            assert_eq!(
                format!("{}%", number_of_percent(percent_as_shown(ratio))),
                percent(ratio)
            );
        }
    }

    /// Writes a share just below the whole with its decimal.
    fn number_of_percent(percent: f64) -> String {
        if percent > 99.4 && percent < 100.0 {
            return format!("{percent:.1}");
        }
        number(percent)
    }

    #[test]
    fn signs_shares_days_and_ranks() {
        assert_eq!(signed(1.0), "+1");
        assert_eq!(signed(0.01), "0");
        assert_eq!(percent(0.174), "17%");
        assert_eq!(percent(0.004), "0.4%");
        assert_eq!(percent(0.000_4), "<0.1%");
        assert_eq!(percent(299.0 / 300.0), "99.6%");
        assert_eq!(percent(0.999_99), "99.9%");
        assert_eq!((percent(0.0), percent(1.0)), ("0%".into(), "100%".into()));
        assert_eq!(
            (change(1.25), change(0.906)),
            ("+25%".into(), "−9.4%".into())
        );
        assert_eq!(probability(0.000_4), "<0.001");
        assert_eq!(
            (probability(0.0124), probability(1.0)),
            ("0.012".into(), "1.000".into())
        );
        assert_eq!(days(1.0), "1 day");
        assert_eq!(days(1.5), "1.5 days");
        assert_eq!(ordinal(91.9), "91st");
        assert_eq!(ordinal(12.0), "12th");
        assert_eq!(count(1, "item", "items"), "1 item");
    }

    #[test]
    fn a_week_over_the_turn_of_a_year_names_both() {
        let monday = NaiveDate::from_ymd_opt(2025, 12, 29).expect("valid");
        assert_eq!(
            week(monday),
            "Monday 29 December 2025 – Sunday 4 January 2026"
        );
    }
}
