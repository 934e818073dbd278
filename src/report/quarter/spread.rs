//! How far chance alone could move a quarter's figure: its 95 % interval, from the
//! rows that the figure is made of.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;

use super::period::Quarter;
use super::series::QuarterPoint;
use crate::error::Result;
use crate::lake::Rows;
use crate::statistics::{Interval, mean_interval, quantile_interval, wilson};

/// Where the interval of a measure comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Spread {
    /// A share of the denominator: Wilson.
    Share,
    /// A quantile of the rows' values: its order statistics.
    Quantile(f64),
    /// A total of the quarter: around itself, as wide as Student has it over the
    /// counts of its whole weeks.
    Total,
    /// A mean of the quarter's whole weeks: Student.
    WeeklyMean,
    /// A count at one instant, of which one quarter has one value.
    Instant,
}

fn spread_of(measure: &str) -> Spread {
    match measure {
        "success_rate" | "rework_rate" | "scope_after_freeze" | "pipeline_failure_rate" => {
            Spread::Share
        }
        "cycle_time_p85" => Spread::Quantile(0.85),
        "recovery_hours" | "estimation_error" => Spread::Quantile(0.5),
        "items_delivered" | "deployment_count" => Spread::Total,
        "deployment_days" => Spread::WeeklyMean,
        _ => Spread::Instant,
    }
}

/// Returns whether a measure is a count at one instant, which has no interval.
pub(super) fn is_instant(measure: &str) -> bool {
    spread_of(measure) == Spread::Instant
}

/// The rows of one measure in one quarter.
#[derive(Debug, Default)]
struct Subjects {
    values: Vec<f64>,
    /// How many fell into each week, by its Monday.
    weekly: BTreeMap<NaiveDate, u32>,
}

/// The rows behind the quarters' figures, by measure and quarter.
pub(super) struct Spreads(BTreeMap<(String, String), Subjects>);

impl Spreads {
    /// Reads the rows of the named quarters.
    pub(super) fn load(rows: &Rows, quarters: &[&Quarter], zone: Tz) -> Result<Self> {
        let mut subjects: BTreeMap<(String, String), Subjects> = BTreeMap::new();
        for row in rows.indices() {
            let period = rows.text("period", row)?.unwrap_or_default();
            let is_wanted = rows.text("period_kind", row)? == Some("quarter")
                && quarters.iter().any(|quarter| quarter.name == period)
                && rows.boolean("is_denominator", row)?.unwrap_or(false);
            if !is_wanted {
                continue;
            }
            let measure = rows.text("measure", row)?.unwrap_or_default();
            let entry = subjects
                .entry((measure.to_owned(), period.to_owned()))
                .or_default();
            entry.values.extend(rows.number("value", row)?);
            if let Some(at) = rows.instant("occurred_at", row)? {
                let day = at.with_timezone(&zone).date_naive();
                let into_week = u64::from(day.weekday().num_days_from_monday());
                *entry.weekly.entry(day - Days::new(into_week)).or_default() += 1;
            }
        }
        Ok(Self(subjects))
    }

    /// Returns the interval of a quarter's figure, in the figure's own unit.
    ///
    /// `None` where there is no figure, or too few rows for one.
    pub(super) fn interval(&self, measure: &str, point: &QuarterPoint) -> Option<Interval> {
        let value = point.value?;
        let key = (measure.to_owned(), point.quarter.name.clone());
        let subjects = self.0.get(&key);
        let weekly = || {
            let weeks = point.quarter.whole_weeks();
            let count = |monday| subjects.and_then(|found| found.weekly.get(monday));
            let counts: Vec<f64> = weeks
                .iter()
                .map(|monday| count(monday).copied().map_or(0.0, f64::from))
                .collect();
            mean_interval(&counts)
        };
        match spread_of(measure) {
            Spread::Share => {
                let counted = u64::try_from(point.numerator?).ok()?;
                let all = u64::try_from(point.denominator).ok()?;
                wilson(counted, all).map(|rate| rate.interval)
            }
            Spread::Quantile(share) => quantile_interval(&subjects?.values, share),
            // The total counts all days, the weeks only those that lie in it whole:
            // they give the width, not the centre.
            Spread::Total => weekly().map(|mean| {
                let half = (mean.upper - mean.lower) / 2.0 * point.quarter.weeks_long();
                Interval {
                    lower: (value - half).max(0.0),
                    upper: value + half,
                }
            }),
            Spread::WeeklyMean => weekly().map(|mean| Interval {
                lower: mean.lower.max(0.0),
                ..mean
            }),
            Spread::Instant => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::measures::DEFINITIONS;

    fn point(numerator: i64, denominator: i64) -> QuarterPoint {
        QuarterPoint {
            quarter: Quarter::parse("2026-Q2").expect("it is one"),
            value: Some(1.0),
            numerator: Some(numerator),
            denominator,
            provisional: 0,
        }
    }

    fn spreads(measure: &str, subjects: Subjects) -> Spreads {
        let key = (measure.to_owned(), "2026-Q2".to_owned());
        Spreads([(key, subjects)].into())
    }

    #[test]
    fn only_what_is_counted_at_one_instant_has_no_interval() {
        let instants: Vec<&str> = DEFINITIONS
            .iter()
            .map(|definition| definition.measure)
            .filter(|measure| spread_of(measure) == Spread::Instant)
            .collect();
        assert_eq!(instants, ["aging_past_p85"]);
    }

    #[test]
    fn a_share_has_the_interval_of_wilson() {
        let found = spreads("success_rate", Subjects::default())
            .interval("success_rate", &point(4, 23))
            .expect("23 deployments");
        assert!((found.lower - 0.069_786_535_630_625_65).abs() < 1e-12);
    }

    #[test]
    fn a_total_lies_in_the_middle_and_takes_its_width_from_the_whole_weeks() {
        let monday = |text: &str| text.parse::<NaiveDate>().expect("a date");
        // Twelve whole weeks with 1 and 3 in turn, mean 2; the quarter has 27, since 3
        // fell on the days at its edges. The weeks' standard deviation is the root of
        // 12/11, 1.0445; Student's t for 11 degrees is 2.2010, so half the interval of
        // the mean is 2.2010 x 1.0445 / root of 12 = 0.66363, and of 13 weeks 8.6272.
        let quarter = Quarter::parse("2026-Q2").expect("it is one");
        let mut weekly: BTreeMap<_, _> = (quarter
            .whole_weeks()
            .into_iter()
            .zip([1, 3].into_iter().cycle()))
        .collect();
        weekly.insert(monday("2026-03-30"), 90);
        let subjects = Subjects {
            weekly,
            ..Subjects::default()
        };
        let total = QuarterPoint {
            value: Some(27.0),
            ..point(27, 27)
        };
        let found = spreads("items_delivered", subjects)
            .interval("items_delivered", &total)
            .expect("twelve weeks");
        assert!((found.lower - (27.0 - 8.6272)).abs() < 1e-3, "{found:?}");
        assert!((found.upper - (27.0 + 8.6272)).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn a_figure_that_is_unknown_has_no_interval() {
        let unknown = QuarterPoint {
            value: None,
            ..point(0, 0)
        };
        let spreads = spreads("deployment_days", Subjects::default());
        assert_eq!(spreads.interval("deployment_days", &unknown), None);
    }
}
