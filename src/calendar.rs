//! Local time: reading instants, and the table that makes durations a lookup.
//!
//! Instants are UTC everywhere. What depends on a zone (the local day, the ISO
//! week, working hours) is computed here, once, as one row a day; queries join it.
//! Daylight saving is right because the calendar is. Instants that are written by a
//! declared pattern are read in `calendar/pattern.rs`.

mod day_file;
mod event_file;
mod pattern;
mod rules;
mod serial;

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

pub use day_file::parse_day_file;
pub use event_file::parse_event_file;
pub use pattern::{InstantPattern, is_valid_pattern};
pub use rules::{CalendarRules, LineProblem, SpecialDay, WorkingHours};
pub(crate) use serial::instant_of_serial;

/// One local day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The local date.
    pub day: NaiveDate,
    /// The instant at which it starts.
    pub start_at: DateTime<Utc>,
    /// The instant at which the next one starts.
    pub end_at: DateTime<Utc>,
    /// The Monday of its ISO week.
    pub week_start: NaiveDate,
    /// The ISO week, such as `2026-W27`.
    pub iso_week: String,
    /// The month, such as `2026-07`.
    pub month: String,
    /// The quarter, such as `2026-Q3`.
    pub quarter: String,
    /// Whether it is worked.
    pub is_working_day: bool,
    /// When work starts on it.
    pub work_start_at: DateTime<Utc>,
    /// When work ends on it.
    pub work_end_at: DateTime<Utc>,
    /// The working seconds of all earlier days of the calendar.
    pub working_seconds_before: i64,
}

/// Builds the days from `from` to `to`, both included.
pub fn build_days(rules: &CalendarRules, zone: Tz, from: NaiveDate, to: NaiveDate) -> Vec<Day> {
    let mut working_seconds_before = 0;
    let mut days = Vec::new();
    for day in from.iter_days().take_while(|day| *day <= to) {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        let worked = rules.hours_on(day);
        let is_working_day = worked.is_some();
        let hours = worked.unwrap_or(rules.hours);
        let work_start_at = to_utc(day.and_time(hours.from), zone);
        let work_end_at = to_utc(day.and_time(hours.to), zone);
        days.push(Day {
            day,
            start_at: to_utc(day.and_time(NaiveTime::MIN), zone),
            end_at: to_utc(next.and_time(NaiveTime::MIN), zone),
            week_start: week_start(day),
            iso_week: iso_week(day),
            month: day.format("%Y-%m").to_string(),
            quarter: quarter(day),
            is_working_day,
            work_start_at,
            work_end_at,
            working_seconds_before,
        });
        if is_working_day {
            working_seconds_before += (work_end_at - work_start_at).num_seconds();
        }
    }
    days
}

/// Returns the length in seconds of the working day that durations are counted in: one
/// of the usual hours, whatever single days or weekdays have.
pub fn working_day_seconds(rules: &CalendarRules) -> i64 {
    (rules.hours.to - rules.hours.from).num_seconds()
}

/// Returns the Monday of a date's ISO week.
pub fn week_start(day: NaiveDate) -> NaiveDate {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

/// Returns a date's ISO week, such as `2026-W27`.
pub fn iso_week(day: NaiveDate) -> String {
    let week = day.iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

fn quarter(day: NaiveDate) -> String {
    format!("{}-Q{}", day.year(), day.month0() / 3 + 1)
}

/// Returns the first day of the quarter that lies `back` quarters before a date's.
pub fn quarter_start(day: NaiveDate, back: u64) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    let months = u64::from(day.month0() % 3) + 3 * back;
    let months = Months::new(u32::try_from(months).unwrap_or(u32::MAX));
    first.checked_sub_months(months).unwrap_or(first)
}

/// Returns the Monday of the last ISO week that is whole at `as_of`.
pub fn last_whole_week(as_of: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let today = as_of.with_timezone(&zone).date_naive();
    week_start(today) - TimeDelta::days(7)
}

/// Returns the instant of a local time. Of two instants (the clocks go back) the
/// earlier is meant; a time that the clocks skip is read with the offset before.
pub fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(instant) = zone.from_local_datetime(&local).earliest() {
        return instant.with_timezone(&Utc);
    }
    let gap = TimeDelta::hours(3);
    let before = local.checked_sub_signed(gap);
    let instant = before.and_then(|before| zone.from_local_datetime(&before).earliest());
    instant
        .and_then(|instant| instant.with_timezone(&Utc).checked_add_signed(gap))
        .unwrap_or_else(|| local.and_utc())
}

/// Reads an instant: RFC 3339, or ISO 8601 with a blank for the `T`, with seconds
/// and fractions left out, with `+0100` for the offset, or without one (then in
/// `zone`). A bare date is its first moment. `None` where it is none of them.
pub fn parse_instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let date = parse_date(text.get(..10)?)?;
    let rest = &text[10..];
    if rest.is_empty() {
        return Some(to_utc(date.and_time(NaiveTime::MIN), zone));
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let local = date.and_time(parse_time(&rest[..end])?);
    match rest[end..].trim_start() {
        "" => Some(to_utc(local, zone)),
        "Z" | "z" | "UTC" | "GMT" => Some(local.and_utc()),
        offset => Some(local.and_utc() - parse_offset(offset)?),
    }
}

/// Reads a date such as `2026-07-06`.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digits(&bytes[..4])?;
    NaiveDate::from_ymd_opt(
        i32::try_from(year).ok()?,
        digits(&bytes[5..7])?,
        digits(&bytes[8..])?,
    )
}

fn parse_time(text: &str) -> Option<NaiveTime> {
    let bytes = text.as_bytes();
    if bytes.len() < 5 || bytes[2] != b':' {
        return None;
    }
    let (hour, minute) = (digits(&bytes[..2])?, digits(&bytes[3..5])?);
    if bytes.len() == 5 {
        return NaiveTime::from_hms_opt(hour, minute, 0);
    }
    if bytes.len() < 8 || bytes[5] != b':' {
        return None;
    }
    let second = digits(&bytes[6..8])?;
    let micros = match &bytes[8..] {
        [] => 0,
        [b'.' | b',', fraction @ ..] => microseconds(fraction)?,
        _ => return None,
    };
    NaiveTime::from_hms_micro_opt(hour, minute, second, micros)
}

/// Reads the digits behind a decimal point; those beyond the sixth are cut off.
fn microseconds(fraction: &[u8]) -> Option<u32> {
    digits(fraction.get(..fraction.len().min(9))?)?;
    if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let six = (0..6).map(|i| fraction.get(i).map_or(0, |b| u32::from(b - b'0')));
    Some(six.fold(0, |sum, digit| sum * 10 + digit))
}

fn parse_offset(text: &str) -> Option<TimeDelta> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let body: Vec<u8> = text.bytes().skip(1).filter(|b| *b != b':').collect();
    let (hours, minutes) = match body.len() {
        2 => (digits(&body)?, 0),
        4 => (digits(&body[..2])?, digits(&body[2..])?),
        _ => return None,
    };
    if hours > 18 || minutes > 59 {
        return None;
    }
    Some(TimeDelta::minutes(sign * i64::from(hours * 60 + minutes)))
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    const AUCKLAND: Tz = chrono_tz::Pacific::Auckland;

    fn utc(text: &str) -> Option<DateTime<Utc>> {
        text.parse().ok()
    }

    fn date(text: &str) -> NaiveDate {
        parse_date(text).expect("a literal date")
    }

    fn rules() -> CalendarRules {
        CalendarRules {
            working_days: vec![
                Weekday::Mon,
                Weekday::Tue,
                Weekday::Wed,
                Weekday::Thu,
                Weekday::Fri,
            ],
            hours: WorkingHours::parse("09:00", "17:00").expect("valid"),
            weekday_hours: Vec::new(),
            special_days: [(date("2026-04-03"), None)].into(),
        }
    }

    #[test]
    fn an_instant_is_read_in_all_its_spellings() {
        for text in [
            "2026-07-06T09:30:00Z",
            "2026-07-06 09:30",
            "2026-07-06T21:30:00+12:00",
            "2026-07-06T21:30:00.000+1200",
            "2026-07-06T09:30:00 UTC",
        ] {
            assert_eq!(
                parse_instant(text, Tz::UTC),
                utc("2026-07-06T09:30:00Z"),
                "{text}"
            );
        }
        assert_eq!(
            parse_instant("2026-07-06T21:30", AUCKLAND),
            utc("2026-07-06T09:30:00Z")
        );
        assert_eq!(
            parse_instant("2026-07-06T09:30:00.1234567Z", Tz::UTC),
            utc("2026-07-06T09:30:00.123456Z")
        );
    }

    #[test]
    fn offsets_are_read_as_databases_and_trackers_write_them() {
        for text in [
            "2026-01-01 00:00:00+00",
            "2026-01-01 02:00:00+0200",
            "2026-01-01T00:00:00.000+0000",
            "2026-01-01T05:30:00.000000 +05:30",
            "2026-01-01 00:00:00 GMT",
        ] {
            let expected = utc("2026-01-01T00:00:00Z");
            assert_eq!(parse_instant(text, AUCKLAND), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026",
            "31/31/2024",
            "2026-02-30",
            "2026-07-06T9:30",
            "2026-07-06T09:30:00+99:00",
            "2026-07-06T25:00",
            "2026-07-06x",
            "2026-07-06T09:30:00.",
            "２０２６-07-06",
        ] {
            assert_eq!(parse_instant(text, Tz::UTC), None, "{text}");
        }
    }

    #[test]
    fn a_day_on_which_the_clocks_change_is_not_24_hours_long() {
        let days = build_days(&rules(), AUCKLAND, date("2026-04-05"), date("2026-09-27"));
        let hours = |day: &Day| (day.end_at - day.start_at).num_hours();
        assert_eq!(hours(&days[0]), 25);
        assert_eq!(hours(&days[1]), 24);
        assert_eq!(hours(days.last().expect("not empty")), 23);
    }

    #[test]
    fn half_past_eleven_at_night_in_auckland_is_that_day_and_week() {
        let instant = parse_instant("2026-03-01T23:30", AUCKLAND).expect("valid");
        assert_eq!(instant.date_naive(), date("2026-03-01"));
        let days = build_days(&rules(), AUCKLAND, date("2026-02-28"), date("2026-03-02"));
        let found = days
            .iter()
            .find(|d| d.start_at <= instant && instant < d.end_at);
        assert_eq!(found.map(|d| d.iso_week.as_str()), Some("2026-W09"));
    }

    #[test]
    fn working_seconds_leave_out_weekends_and_holidays() {
        let days = build_days(&rules(), Tz::UTC, date("2026-04-02"), date("2026-04-07"));
        let before: Vec<_> = days
            .iter()
            .map(|d| d.working_seconds_before / 3_600)
            .collect();
        assert_eq!(before, [0, 8, 8, 8, 8, 16]);
    }

    #[test]
    fn a_quarter_is_found_from_any_of_its_days() {
        for day in ["2026-04-01", "2026-05-31", "2026-06-30"] {
            assert_eq!(quarter_start(date(day), 0), date("2026-04-01"), "{day}");
            assert_eq!(quarter_start(date(day), 12), date("2023-04-01"), "{day}");
        }
        assert_eq!(quarter_start(date("2026-01-31"), 1), date("2025-10-01"));
    }

    #[test]
    fn single_days_and_weekdays_have_hours_of_their_own() {
        let half = WorkingHours::parse("09:00", "13:00");
        let mut rules = rules();
        rules
            .weekday_hours
            .push((Weekday::Fri, half.expect("valid")));
        rules.special_days.insert(date("2026-04-02"), half);
        rules.special_days.insert(date("2026-04-04"), half);
        let days = build_days(&rules, Tz::UTC, date("2026-04-01"), date("2026-04-11"));
        let before: Vec<_> = days
            .iter()
            .map(|d| d.working_seconds_before / 3_600)
            .collect();
        // Wednesday 8, a half Thursday 4, Good Friday 0, a Saturday worked by half 4,
        // Sunday 0, Monday to Thursday 8 each, a half Friday 4.
        assert_eq!(before, [0, 8, 12, 12, 16, 16, 24, 32, 40, 48, 52]);
        assert_eq!(working_day_seconds(&rules), 8 * 3_600);
    }

    #[test]
    fn the_last_whole_week_on_a_monday_is_the_one_just_over() {
        let zone = chrono_tz::Europe::London;
        let monday = parse_instant("2026-07-06T00:00", zone).expect("valid");
        assert_eq!(last_whole_week(monday, zone), date("2026-06-29"));
        assert_eq!(
            last_whole_week(monday - TimeDelta::seconds(1), zone),
            date("2026-06-22")
        );
    }
}
