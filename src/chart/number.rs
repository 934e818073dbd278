//! Numbers on axes and beside lines, by unit.
//!
//! One decimal only below ten, true minus signs, thousands separated: the rule
//! of the pages that the drawings stand in.

/// The unit of a value axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A plain number.
    Count,
    /// Days.
    Days,
    /// Hours.
    Hours,
    /// A ratio, 1 meaning 100%.
    Percent,
    /// A ratio said as a multiple, 1.3 meaning 1.3×.
    #[allow(dead_code, reason = "no page draws a multiple yet")]
    Times,
}

impl Unit {
    /// Returns a value with one decimal below ten and none from there on:
    /// `4.2%`, `12`, `1,240`. Only nothing is `0%` and only the whole is
    /// `100%`, as on the rest of the page.
    pub(crate) fn number(self, value: f64) -> String {
        let (value, suffix) = match self {
            Unit::Percent if value > 0.0 && value < 0.000_5 => return "<0.1%".to_owned(),
            Unit::Percent if (0.995..1.0).contains(&value) => {
                return format!("{:.1}%", (value * 1_000.0).floor() / 10.0);
            }
            Unit::Percent => (value * 100.0, "%"),
            Unit::Times => (value, "×"),
            _ => (value, ""),
        };
        // Halves go away from zero, as on the rest of the page.
        let tenths = (value * 10.0).round() / 10.0;
        let number = match tenths.abs() < 10.0 {
            true => grouped(tenths, 1),
            false => grouped(value.round(), 0),
        };
        let short = number.strip_suffix(".0").unwrap_or(&number);
        format!("{short}{suffix}")
    }

    /// Returns a value with its unit in words: `19 days`, `4.2%`.
    pub(crate) fn words(self, value: f64) -> String {
        let number = self.number(value);
        let noun = match self {
            Unit::Count | Unit::Percent | Unit::Times => return number,
            Unit::Days => "day",
            Unit::Hours => "hour",
        };
        let plural = if number == "1" { "" } else { "s" };
        format!("{number} {noun}{plural}")
    }

    /// Returns an axis label for ticks `step` apart.
    pub(crate) fn tick(self, value: f64, step: f64) -> String {
        let (value, step, suffix) = match self {
            Unit::Percent => (value * 100.0, step * 100.0, "%"),
            Unit::Times => (value, step, "×"),
            _ => (value, step, ""),
        };
        if value == 0.0 {
            return format!("0{suffix}");
        }
        let (value, step, scale) = match value.abs().max(step) {
            size if size >= 1e15 => return format!("{value:.0e}{suffix}").replace('-', "−"),
            size if size >= 1e9 => (value / 1e9, step / 1e9, "bn"),
            size if size >= 1e6 => (value / 1e6, step / 1e6, "m"),
            _ => (value, step, ""),
        };
        let digits = (0..=6)
            .find(|digits| {
                let scaled = step * 10f64.powi(*digits);
                (scaled - scaled.round()).abs() < 1e-6
            })
            .unwrap_or(6);
        let digits = usize::try_from(digits).unwrap_or(0);
        format!("{}{scale}{suffix}", grouped(value, digits))
    }
}

/// Returns a count with its noun: `1 item`, `1,204 items`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count as f64, 0))
}

/// Returns a number with separated thousands and a true minus sign.
pub(crate) fn grouped(value: f64, digits: usize) -> String {
    let plain = format!("{:.digits$}", value.abs());
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (plain.as_str(), String::new()),
    };
    let mut text = String::new();
    let is_zero = plain.chars().all(|c| c == '0' || c == '.');
    if value < 0.0 && !is_zero {
        text.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + &fraction
}
