//! The calendar against chrono's, and working time against itself.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone};
use chrono_tz::Europe::London;

use crate::generate::timeline::{
    DAY, Timeline, WORKDAY, Zone, civil_date, civil_day, epoch, london_offset, rfc3339, weekday,
};

#[test]
fn civil_dates_are_those_of_chrono() {
    for day in 19_000..22_000 {
        let date = DateTime::from_timestamp(day * DAY, 0)
            .expect("it is in range")
            .date_naive();
        let (year, month, of_month) = civil_date(day);
        let same = NaiveDate::from_ymd_opt(year as i32, month as u32, of_month as u32);
        assert_eq!(Some(date), same);
        assert_eq!(civil_day(year, month, of_month), day);
        assert_eq!(
            weekday(day),
            i64::from(date.weekday().num_days_from_monday())
        );
    }
}

#[test]
fn london_offsets_are_those_of_the_zone_database() {
    for hour in (civil_day(2024, 1, 1) * 24)..(civil_day(2027, 12, 31) * 24) {
        let wall = hour * 3_600;
        let naive = DateTime::from_timestamp(wall, 0)
            .expect("it is in range")
            .naive_utc();
        // The hour that does not exist has no offset; the one that repeats is summer.
        if let Some(local) = London.from_local_datetime(&naive).earliest() {
            assert_eq!(
                london_offset(wall),
                i64::from(local.offset().fix().local_minus_utc()),
                "{naive}"
            );
            assert_eq!(epoch(wall), local.timestamp());
        }
    }
}

#[test]
fn instants_are_the_same_in_every_office() {
    let wall = civil_day(2026, 6, 1) * DAY + 14 * 3_600 + 185;
    let offices = [
        Zone::Utc,
        Zone::London,
        Zone::Zurich,
        Zone::Kolkata,
        Zone::Tokyo,
    ];
    let written = offices.map(|zone| rfc3339(wall, zone));
    assert_eq!(written[0], "2026-06-01T13:03:05Z");
    assert_eq!(written[3], "2026-06-01T18:33:05+05:30");
    for text in written {
        let parsed = DateTime::parse_from_rfc3339(&text).expect("it is RFC 3339");
        assert_eq!(parsed.timestamp(), epoch(wall), "{text}");
    }
}

#[test]
fn working_time_runs_only_while_people_work() {
    let timeline = Timeline::new();
    let friday = civil_day(2026, 6, 5) * DAY + 16 * 3_600;
    let monday = civil_day(2026, 6, 8) * DAY + 10 * 3_600;
    assert_eq!(timeline.after(friday, 120), monday);
    assert_eq!(timeline.work_at(monday) - timeline.work_at(friday), 120);
    let christmas = civil_day(2025, 12, 24) * DAY + 9 * 3_600;
    assert_eq!(
        timeline.after(christmas, WORKDAY),
        civil_day(2025, 12, 29) * DAY + 9 * 3_600
    );
}
