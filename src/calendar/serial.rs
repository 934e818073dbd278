//! Instants that a spreadsheet wrote as numbers: days since 30 December 1899.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::to_utc;

const SECONDS_A_DAY: f64 = 86_400.0;

/// The last serial number within the years that have four digits.
const MOST_DAYS: f64 = 2_958_465.0;

/// Returns the instant of a serial number in the 1900 date system, local to `zone`, to
/// the second: a fraction of a day is rarely written with more digits than that needs.
/// `None` before March 1900, where spreadsheets count a day that there was not.
pub(crate) fn instant_of_serial(days: f64, zone: Tz) -> Option<DateTime<Utc>> {
    if !(61.0..=MOST_DAYS).contains(&days) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "kept to the range of a calendar"
    )]
    let seconds = (days * SECONDS_A_DAY).round() as i64;
    let local = first
        .and_hms_opt(0, 0, 0)?
        .checked_add_signed(TimeDelta::seconds(seconds))?;
    Some(to_utc(local, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_a_local_day_and_its_fraction_the_time() {
        let read = |days| {
            let instant = instant_of_serial(days, chrono_tz::Europe::Berlin)?;
            Some(instant.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        };
        // 1 January 2021 is day 44,197; Berlin is an hour ahead in winter, two in summer.
        assert_eq!(read(44_197.0).as_deref(), Some("2020-12-31T23:00:00Z"));
        assert_eq!(read(44_197.5).as_deref(), Some("2021-01-01T11:00:00Z"));
        assert_eq!(read(44_378.416_67).as_deref(), Some("2021-07-01T08:00:00Z"));
        assert_eq!(read(25_569.0).as_deref(), Some("1969-12-31T23:00:00Z"));
        for days in [-1.0, 0.0, 60.0, 3e6, f64::NAN, f64::INFINITY] {
            assert_eq!(read(days), None, "{days}");
        }
    }
}
