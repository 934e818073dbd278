//! Time in the generated company: wall clocks, working time, written forms.
//!
//! Everything is simulated on London's wall clock in seconds ([`Wall`]), and
//! turned into instants only when written. Work happens between 09:00 and
//! 17:00, so no simulated moment of work falls into the hour that repeats when
//! the clocks go back. Day arithmetic is Howard Hinnant's civil calendar
//! (<https://howardhinnant.github.io/date_algorithms.html>).

/// Seconds of London's wall clock since 1970-01-01T00:00, as if it were UTC.
pub(super) type Wall = i64;

pub(super) const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 86_400;
/// Minutes of one working day.
pub(super) const WORKDAY: i64 = 480;
/// First day of the history, a Monday.
pub(super) const START: Wall = civil_day(2024, 7, 1) * DAY;
/// The instant at which the exports were taken, a Monday's midnight.
pub(super) const AS_OF: Wall = civil_day(2026, 7, 6) * DAY;

const FIRST_DAY: i64 = civil_day(2024, 1, 1);
const LAST_DAY: i64 = civil_day(2027, 12, 31);
const OPENING: i64 = 540;

/// The company's holidays; the generated configuration lists the same.
const HOLIDAYS: [i64; 16] = [
    civil_day(2024, 8, 26),
    civil_day(2024, 12, 25),
    civil_day(2024, 12, 26),
    civil_day(2025, 1, 1),
    civil_day(2025, 4, 18),
    civil_day(2025, 4, 21),
    civil_day(2025, 5, 5),
    civil_day(2025, 5, 26),
    civil_day(2025, 8, 25),
    civil_day(2025, 12, 25),
    civil_day(2025, 12, 26),
    civil_day(2026, 1, 1),
    civil_day(2026, 4, 3),
    civil_day(2026, 4, 6),
    civil_day(2026, 5, 4),
    civil_day(2026, 5, 25),
];

/// Where a clock hangs: decides the offset that an export writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Utc,
    London,
    Zurich,
    Kolkata,
    Tokyo,
}

/// Working time as one unbroken line of minutes.
pub(super) struct Timeline {
    working_days: Vec<i64>,
    position_of_day: Vec<i64>,
}

impl Timeline {
    /// Builds the working days of the generated years.
    pub(super) fn new() -> Self {
        let mut working_days = Vec::new();
        let mut position_of_day = Vec::new();
        for day in FIRST_DAY..=LAST_DAY {
            position_of_day.push(working_days.len() as i64);
            if is_working_day(day) {
                working_days.push(day);
            }
        }
        Self {
            working_days,
            position_of_day,
        }
    }

    /// Returns the working minutes before `wall`.
    pub(super) fn work_at(&self, wall: Wall) -> i64 {
        let day = wall.div_euclid(DAY).clamp(FIRST_DAY, LAST_DAY);
        let minute = wall.rem_euclid(DAY) / 60;
        let before = self.position_of_day[(day - FIRST_DAY) as usize] * WORKDAY;
        if is_working_day(day) {
            before + (minute - OPENING).clamp(0, WORKDAY)
        } else {
            before
        }
    }

    /// Returns the wall clock after `work` working minutes.
    pub(super) fn wall_at(&self, work: i64) -> Wall {
        let last = self.working_days.len() as i64 - 1;
        let position = (work / WORKDAY).clamp(0, last) as usize;
        self.working_days[position] * DAY + (OPENING + work.rem_euclid(WORKDAY)) * 60
    }

    /// Returns the wall clock `work` working minutes after `wall`.
    pub(super) fn after(&self, wall: Wall, work: i64) -> Wall {
        self.wall_at(self.work_at(wall) + work)
    }
}

/// Returns the day number of a civil date, 1970-01-01 being 0.
pub(super) const fn civil_day(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Returns year, month and day of a day number.
pub(super) const fn civil_date(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let civil_month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + (civil_month <= 2) as i64;
    (year, civil_month, day_of_year - (153 * month + 2) / 5 + 1)
}

/// Returns the weekday of a day number, Monday being 0.
pub(super) const fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Returns whether the company works on that day.
pub(super) fn is_working_day(day: i64) -> bool {
    weekday(day) < 5 && !HOLIDAYS.contains(&day)
}

const fn last_sunday(year: i64, month: i64) -> i64 {
    let last = civil_day(year, month, 31);
    last - (weekday(last) + 1) % 7
}

/// Returns London's offset from UTC. The repeated hour counts as summer.
pub(super) const fn london_offset(wall: Wall) -> i64 {
    let (year, _, _) = civil_date(wall.div_euclid(DAY));
    let starts = last_sunday(year, 3) * DAY + HOUR;
    let ends = last_sunday(year, 10) * DAY + 2 * HOUR;
    if wall >= starts && wall < ends {
        HOUR
    } else {
        0
    }
}

/// Returns seconds since the epoch, in UTC.
pub(super) const fn epoch(wall: Wall) -> i64 {
    wall - london_offset(wall)
}

fn parts(wall: Wall) -> (i64, i64, i64, i64, i64, i64) {
    let (year, month, day) = civil_date(wall.div_euclid(DAY));
    let second = wall.rem_euclid(DAY);
    let (hour, minute) = (second / HOUR, second % HOUR / 60);
    (year, month, day, hour, minute, second % 60)
}

/// Writes RFC 3339 as a clock in `zone` shows the instant.
pub(super) fn rfc3339(wall: Wall, zone: Zone) -> String {
    let offset = match zone {
        Zone::Utc => 0,
        Zone::London => london_offset(wall),
        Zone::Zurich => london_offset(wall) + HOUR,
        Zone::Kolkata => 19_800,
        Zone::Tokyo => 9 * HOUR,
    };
    let (year, month, day, hour, minute, second) = parts(epoch(wall) + offset);
    let clock = format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if zone == Zone::Utc {
        return clock + "Z";
    }
    format!("{clock}+{:02}:{:02}", offset / HOUR, offset % HOUR / 60)
}

/// Writes `2026-06-01 14:03:22`, local and without a zone.
pub(super) fn local(wall: Wall) -> String {
    let (year, month, day, hour, minute, second) = parts(wall);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Writes `01/06/2026 14:03`, with the given separator between the date's parts.
pub(super) fn day_first(wall: Wall, separator: char) -> String {
    let (year, month, day, hour, minute, _) = parts(wall);
    format!("{day:02}{separator}{month:02}{separator}{year} {hour:02}:{minute:02}")
}

/// Writes `2026-06-01`.
pub(super) fn date(wall: Wall) -> String {
    let (year, month, day, _, _, _) = parts(wall);
    format!("{year}-{month:02}-{day:02}")
}

/// Writes `2026-Q3`.
pub(super) fn quarter(wall: Wall) -> String {
    let (year, month, _, _, _, _) = parts(wall);
    format!("{year}-Q{}", (month + 2) / 3)
}
