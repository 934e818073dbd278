//! A quarter: its name, its days and its place among the others.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;

/// One calendar quarter.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(in crate::report) struct Quarter {
    /// Such as `2026-Q2`: the name in the marts and of the page's file.
    pub(in crate::report) name: String,
    /// Such as `Q2 2026`.
    pub(in crate::report) label: String,
    pub(in crate::report) start_on: NaiveDate,
    pub(in crate::report) end_on: NaiveDate,
    /// Such as `1 April – 30 June 2026`.
    pub(in crate::report) text: String,
}

impl Quarter {
    /// Returns the quarter that holds a day.
    pub(in crate::report) fn of(day: NaiveDate) -> Self {
        let number = day.month0() / 3 + 1;
        let year = day.year();
        let start_on = NaiveDate::from_ymd_opt(year, 3 * number - 2, 1).unwrap_or(day);
        let after = start_on.checked_add_months(Months::new(3)).unwrap_or(day);
        let end_on = after.checked_sub_days(Days::new(1)).unwrap_or(day);
        Self {
            name: format!("{year}-Q{number}"),
            label: format!("Q{number} {year}"),
            text: format!(
                "{} – {}",
                start_on.format("%-d %B"),
                end_on.format("%-d %B %Y")
            ),
            start_on,
            end_on,
        }
    }

    /// Returns the quarter of a page's file name such as `2026-Q2`.
    pub(in crate::report) fn parse(stem: &str) -> Option<Self> {
        let (year, number) = stem.split_once("-Q")?;
        let number: u32 = number.parse().ok()?;
        let month = number.checked_mul(3)?.checked_sub(2)?;
        let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)?;
        Some(Self::of(day)).filter(|found| found.name == stem)
    }

    /// Returns the quarter that lies so many quarters before.
    pub(in crate::report) fn before(&self, quarters: u32) -> Self {
        let day = self
            .start_on
            .checked_sub_months(Months::new(3 * quarters))
            .unwrap_or(self.start_on);
        Self::of(day)
    }

    /// Such as `Q2 26`, for a chart.
    pub(in crate::report) fn short(&self) -> String {
        let number = self.start_on.month0() / 3 + 1;
        format!("Q{number} {:02}", self.start_on.year().rem_euclid(100))
    }

    /// Returns the Mondays of the weeks that lie in it whole.
    pub(super) fn whole_weeks(&self) -> Vec<NaiveDate> {
        let into_week = u64::from(self.start_on.weekday().num_days_from_monday());
        let first = self.start_on + Days::new((7 - into_week) % 7);
        first
            .iter_weeks()
            .take_while(|monday| *monday + Days::new(6) <= self.end_on)
            .collect()
    }

    /// Returns how many weeks long it is, 13 and a little.
    pub(super) fn weeks_long(&self) -> f64 {
        let days = (self.end_on - self.start_on).num_days() + 1;
        f64::from(i32::try_from(days).unwrap_or(91)) / 7.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_found_from_its_name_and_from_nothing_else() {
        let quarter = Quarter::parse("2026-Q2").expect("it is one");
        assert_eq!(quarter.label, "Q2 2026");
        assert_eq!(quarter.text, "1 April – 30 June 2026");
        assert_eq!(quarter.short(), "Q2 26");
        assert_eq!(quarter.before(1).name, "2026-Q1");
        assert_eq!(quarter.before(4).name, "2025-Q2");
        for stem in [] {
            assert_eq!(Quarter::parse(stem), None, "{stem}");
        }
    }

    #[test]
    fn the_weeks_at_its_edges_are_not_in_it() {
        // 1 April 2026 is a Wednesday, 30 June a Tuesday.
        let quarter = Quarter::parse("2026-Q2").expect("it is one");
        let weeks = quarter.whole_weeks();
        let text = |day: &NaiveDate| day.to_string();
        assert_eq!(weeks.first().map(text), Some("2026-04-06".into()));
        assert_eq!(weeks.last().map(text), Some("2026-06-22".into()));
        assert_eq!(weeks.len(), 12);
        assert!((quarter.weeks_long() - 13.0).abs() < 1e-12);
    }
}
