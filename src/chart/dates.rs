//! Dates on an axis: their place, their ticks and their labels.
//!
//! Ticks are Mondays or month starts; the year is said under the first one
//! and wherever it changes.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, Timelike};

use super::axis::Tick;

/// Room one date label needs, in pixels.
const DATE_LABEL_ROOM: f64 = 54.0;
/// Above this span in days, ticks are month starts rather than Mondays.
const LONGEST_WEEKLY_SPAN: f64 = 125.0;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Returns the ticks of a date axis `width` pixels wide.
pub(super) fn date_ticks(from: f64, to: f64, width: f64) -> Vec<Tick> {
    let most = (width / DATE_LABEL_ROOM).max(1.0);
    if to - from <= LONGEST_WEEKLY_SPAN {
        labelled(&mondays(from, to, most))
    } else {
        labelled(&month_starts(from, to, most))
    }
}

/// Returns a date as a place on a date axis.
pub(crate) fn day_number(date: NaiveDate) -> f64 {
    f64::from(date.num_days_from_ce())
}

/// Returns an instant as a place on a date axis.
pub(crate) fn moment_number(moment: NaiveDateTime) -> f64 {
    day_number(moment.date()) + f64::from(moment.num_seconds_from_midnight()) / 86_400.0
}

/// Returns a date as read in a sentence: `6 Jul 2026`.
pub(crate) fn long_date(date: NaiveDate) -> String {
    format!("{} {}", short_date(date), date.year())
}

/// Returns a date without its year: `6 Jul`.
pub(crate) fn short_date(date: NaiveDate) -> String {
    format!("{} {}", date.day(), MONTHS[date.month0() as usize])
}

fn first_day(number: f64) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(number.ceil() as i32).unwrap_or_default()
}

fn mondays(from: f64, to: f64, most: f64) -> Vec<NaiveDate> {
    let weeks = (to - from) / 7.0;
    let every = [1, 2, 3, 4, 6, 8, 13]
        .into_iter()
        .find(|every| weeks / f64::from(*every) <= most)
        .unwrap_or(18);
    let start = first_day(from);
    let to_monday = (7 - u64::from(start.weekday().num_days_from_monday())) % 7;
    let monday = start.checked_add_days(Days::new(to_monday));
    let step = |day: &NaiveDate| day.checked_add_days(Days::new(7 * every as u64));
    std::iter::successors(monday, step)
        .take_while(|day| day_number(*day) <= to)
        .collect()
}

fn month_starts(from: f64, to: f64, most: f64) -> Vec<NaiveDate> {
    let months = (to - from) / 30.4;
    let every = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000]
        .into_iter()
        .find(|every| months / f64::from(*every) <= most)
        .unwrap_or(120_000);
    let start = first_day(from);
    // Counted from January of year 0, so that steps fall on round months.
    let index = start.year() * 12 + start.month0() as i32 + i32::from(start.day() > 1);
    let index = index.div_euclid(every) * every + if index % every == 0 { 0 } else { every };
    let first = NaiveDate::from_ymd_opt(index.div_euclid(12), index.rem_euclid(12) as u32 + 1, 1);
    let step = |day: &NaiveDate| day.checked_add_months(Months::new(every as u32));
    std::iter::successors(first, step)
        .take_while(|day| day_number(*day) <= to)
        .collect()
}

/// Labels dates; the year stands under the first one and wherever it changes.
fn labelled(days: &[NaiveDate]) -> Vec<Tick> {
    let are_years = days.len() > 1 && days.iter().all(|day| day.ordinal() == 1);
    let are_months = days.iter().all(|day| day.day() == 1);
    let mut last_year = None;
    let mut ticks = Vec::with_capacity(days.len());
    for day in days {
        let name = match (are_years, are_months) {
            (true, _) => day.year().to_string(),
            (_, true) => MONTHS[day.month0() as usize].to_owned(),
            _ => short_date(*day),
        };
        let says_year = !are_years && last_year != Some(day.year());
        last_year = Some(day.year());
        let year = if says_year {
            format!("\n{}", day.year())
        } else {
            String::new()
        };
        ticks.push(Tick {
            at: day_number(*day),
            label: name + &year,
        });
    }
    ticks
}
