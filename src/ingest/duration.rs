//! Durations that say their own units: `14m 13s`, `PT2H30M`, `01:30:00`.
//!
//! A day may be 24 hours or a working day, a week seven days or five: which one is
//! the configuration's to say, and without it days and weeks are refused.

use super::cell::{NumberStyle, parse_number};

/// Reads a duration of zero or more in seconds. `day` is what a day is worth.
pub(super) fn parse_seconds(
    text: &str,
    day: Option<f64>,
    days_per_week: f64,
    style: NumberStyle,
) -> Option<f64> {
    let text = text.trim();
    if text.contains(':') {
        return parse_clock(text);
    }
    let lower = text.to_lowercase();
    let (words, is_iso) = match lower.strip_prefix('p') {
        Some(iso) => (iso.replacen('t', " t", 1), true),
        None => (lower, false),
    };
    let unit = |name: &str, is_time: bool| match name {
        "ms" | "millisecond" | "milliseconds" if !is_iso => Some(0.001),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        "m" | "min" | "mins" | "minute" | "minutes" if !is_iso || is_time => Some(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3_600.0),
        "d" | "day" | "days" => day,
        "w" | "week" | "weeks" => day.map(|day| day * days_per_week),
        _ => None,
    };
    let mut seconds = 0.0;
    let mut is_time = false;
    let mut parts = 0;
    let mut rest = words.trim();
    while !rest.is_empty() {
        if let (true, Some(time)) = (is_iso && !is_time, rest.strip_prefix('t')) {
            is_time = true;
            rest = time.trim_start();
            continue;
        }
        let digits = rest.find(|c: char| c.is_alphabetic())?;
        let number = parse_number(rest[..digits].trim(), style)?;
        let rest_of = &rest[digits..];
        let end = rest_of.find(|c: char| !c.is_alphabetic());
        let end = end.unwrap_or(rest_of.len());
        if number < 0.0 {
            return None;
        }
        seconds += number * unit(&rest_of[..end], is_time)?;
        parts += 1;
        rest = rest_of[end..].trim_start_matches([' ', ',']);
    }
    (parts > 0).then_some(seconds)
}

/// Reads hours, minutes and seconds; of two numbers alone nobody knows which they are.
fn parse_clock(text: &str) -> Option<f64> {
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole = seconds.split('.').next().unwrap_or_default();
    if parts.next().is_some() || ![hours, minutes, whole].into_iter().all(is_number) {
        return None;
    }
    let (hours, minutes) = (hours.parse::<f64>().ok()?, minutes.parse::<f64>().ok()?);
    let seconds = seconds.parse::<f64>().ok()?;
    (minutes < 60.0 && seconds < 60.0).then_some(hours * 3_600.0 + minutes * 60.0 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str, hours_per_day: Option<f64>) -> Option<f64> {
        let style = NumberStyle {
            decimal: b'.',
            thousands: None,
        };
        parse_seconds(text, hours_per_day.map(|hours| hours * 3_600.0), 5.0, style)
    }

    #[test]
    fn units_are_added_up() {
        let cases = [
            ("14m 13s", 853.0),
            ("2h", 7_200.0),
            ("2h30m", 9_000.0),
            ("1.5 hours", 5_400.0),
            ("1 hr 5 min", 3_900.0),
            ("PT2H", 7_200.0),
            ("PT1H30M5S", 5_405.0),
            ("01:30:00", 5_400.0),
            ("250ms", 0.25),
            ("0s", 0.0),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text, None), Some(expected), "{text}");
        }
    }

    #[test]
    fn days_are_worth_what_is_declared_and_nothing_else() {
        assert_eq!(seconds("1d 2h", Some(8.0)), Some(36_000.0));
        assert_eq!(seconds("1w", Some(8.0)), Some(144_000.0));
        assert_eq!(seconds("P1DT2H", Some(24.0)), Some(93_600.0));
        for text in ["1d 2h", "1w", "P1D"] {
            assert_eq!(seconds(text, None), None, "{text}");
        }
    }

    #[test]
    fn what_is_ambiguous_or_negative_is_refused() {
        for text in [
            "1:05", "90", "-5m", "", "P", "PT", "P1M", "1:61:00", "2 apples", "é",
        ] {
            assert_eq!(seconds(text, Some(8.0)), None, "{text}");
        }
    }
}
