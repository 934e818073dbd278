//! Durations in text: `2h 30m`, `PT2H30M`, `01:30:00`, `1 hr, 5 min`.
//!
//! What could mean two lengths is refused: `1:05` (hours or minutes?), months and
//! years, a number without a unit, and days and weeks unless the export's working
//! day is declared.

use super::parse_number;
use crate::config::NumberStyle;

/// The lengths of the units, in seconds.
struct Units {
    day: Option<f64>,
    week: Option<f64>,
}

/// Reads a duration as seconds; `None` where it is none or could be two.
pub(super) fn parse_text(
    text: &str,
    hours_per_day: Option<f64>,
    days_per_week: f64,
    style: NumberStyle,
) -> Option<f64> {
    let day = hours_per_day.map(|hours| hours * 3_600.0);
    let units = Units {
        day,
        week: day.map(|day| day * days_per_week),
    };
    if text.contains(':') {
        return parse_clock(text);
    }
    match text.strip_prefix(['P', 'p']) {
        Some(rest) => units.parse_iso(rest),
        None => units.parse_words(text, style),
    }
}

/// Reads `01:30:00`, with as many hours as there are and perhaps a fraction.
fn parse_clock(text: &str) -> Option<f64> {
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (whole, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
    let is_digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_right = parts.next().is_none()
        && [hours, minutes, whole, fraction].iter().all(is_digits)
        && minutes.len() == 2
        && whole.len() == 2;
    if !is_right {
        return None;
    }
    let number = |text: &str| text.parse::<f64>().ok();
    let (minutes, whole) = (number(minutes)?, number(whole)?);
    if minutes >= 60.0 || whole >= 60.0 {
        return None;
    }
    let fraction = number(&format!("0.{fraction}"))?;
    Some(number(hours)? * 3_600.0 + minutes * 60.0 + whole + fraction)
}

impl Units {
    /// Returns a unit's rank, the greater the longer, and its length.
    fn unit(&self, name: &str) -> Option<(u8, f64)> {
        Some(match name.to_ascii_lowercase().as_str() {
            "w" | "wk" | "wks" | "week" | "weeks" => (5, self.week?),
            "d" | "day" | "days" => (4, self.day?),
            "h" | "hr" | "hrs" | "hour" | "hours" => (3, 3_600.0),
            "m" | "min" | "mins" | "minute" | "minutes" => (2, 60.0),
            "s" | "sec" | "secs" | "second" | "seconds" => (1, 1.0),
            "ms" | "msec" | "millisecond" | "milliseconds" => (0, 0.001),
            _ => return None,
        })
    }

    /// Reads what is behind the `P` of ISO 8601.
    fn parse_iso(&self, text: &str) -> Option<f64> {
        let (date, time) = match text.split_once(['T', 't']) {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (text, ""),
        };
        if date.is_empty() && time.is_empty() {
            return None;
        }
        let comma = text.contains(',');
        let style = NumberStyle {
            decimal: if comma { b',' } else { b'.' },
            thousands: None,
        };
        let part = |text: &str, letters: &str| {
            let mut rest = text;
            let mut sum = Sum::default();
            while !rest.is_empty() {
                let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
                let (number, letter) = (&rest[..end], &rest[end..=end]);
                letters
                    .contains(&letter.to_ascii_uppercase())
                    .then_some(())?;
                sum.add(number, self.unit(letter)?, style)?;
                rest = &rest[end + 1..];
            }
            Some(sum.seconds)
        };
        Some(part(date, "WD")? + part(time, "HMS")?)
    }

    /// Reads numbers with units, the longest first: `1d 2h`, `1 hr, 5 min`.
    fn parse_words(&self, text: &str, style: NumberStyle) -> Option<f64> {
        let mut rest = text;
        let mut sum = Sum::default();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let (number, behind) = rest.split_at(end);
            let end = behind.find(|c: char| !c.is_ascii_alphabetic());
            let (unit, behind) = behind.split_at(end.unwrap_or(behind.len()));
            sum.add(number.trim(), self.unit(unit)?, style)?;
            rest = behind.trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            rest = rest.strip_prefix("and ").unwrap_or(rest).trim_start();
        }
        sum.last_rank.map(|_| sum.seconds)
    }
}

/// A sum of units, each shorter than the one before.
#[derive(Default)]
struct Sum {
    seconds: f64,
    last_rank: Option<u8>,
}

impl Sum {
    fn add(&mut self, number: &str, (rank, length): (u8, f64), style: NumberStyle) -> Option<()> {
        if self.last_rank.is_some_and(|last| rank >= last) {
            return None;
        }
        let starts_well = number.starts_with(|c: char| c.is_ascii_digit());
        let number = starts_well.then(|| parse_number(number, style))??;
        self.seconds += number * length;
        self.last_rank = Some(rank);
        Some(())
    }
}
