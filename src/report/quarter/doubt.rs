//! How much of a quarter's failures rests on attribution: the definition of success
//! asks for a range, from what the sources say alone to all.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::period::Quarter;
use super::series::QuarterPoint;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;

/// The deployments of a quarter of which success is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Failures {
    pub(super) judged: i64,
    pub(super) failed: i64,
    /// Of these, by what the sources say alone.
    pub(super) failed_explicit: i64,
}

/// The failures of quarters, by the quarter's name.
#[derive(Debug, Clone, Default)]
pub(super) struct Doubt(pub(super) BTreeMap<String, Failures>);

impl Doubt {
    /// Reads them from `success_rate`, by the local day of a deployment's end.
    pub(super) fn load(rows: &Rows, zone: Tz) -> Result<Self> {
        let mut quarters: BTreeMap<String, Failures> = BTreeMap::new();
        for row in rows.indices() {
            let (Some(is_failed), Some(finished_at)) = (
                rows.boolean("is_failed", row)?,
                rows.instant("finished_at", row)?,
            ) else {
                continue;
            };
            let day = finished_at.with_timezone(&zone).date_naive();
            let found = quarters.entry(Quarter::of(day).name).or_default();
            let is_explicit = rows.boolean("is_failed_explicit", row)?.unwrap_or(false);
            found.judged += 1;
            found.failed += i64::from(is_failed);
            found.failed_explicit += i64::from(is_explicit);
        }
        Ok(Self(quarters))
    }

    /// "82%": a quarter's success by what the sources say alone; `None` where no
    /// failure rests on attribution, or where the rows are not those of the figure.
    pub(super) fn success(&self, point: &QuarterPoint) -> Option<String> {
        let found = self.0.get(&point.quarter.name)?;
        let is_same = found.judged == point.denominator
            && point.numerator == Some(found.judged - found.failed);
        if !is_same || found.failed_explicit >= found.failed {
            return None;
        }
        let held = found.judged - found.failed_explicit;
        #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let share = held as f64 / found.judged as f64;
        Some(format::percent(share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(judged: i64, failed: i64, failed_explicit: i64) -> Doubt {
        let failures = Failures {
            judged,
            failed,
            failed_explicit,
        };
        Doubt([("2026-Q2".to_owned(), failures)].into())
    }

    fn point() -> QuarterPoint {
        QuarterPoint {
            quarter: Quarter::parse("2026-Q2").expect("it is one"),
            value: Some(0.75),
            numerator: Some(15),
            denominator: 20,
            provisional: 0,
        }
    }

    #[test]
    fn success_has_another_end_where_failures_rest_on_attribution() {
        // 5 of 20 failed, 3 of them by what the sources say: 17 of 20 are 85 %.
        assert_eq!(doubt(20, 5, 3).success(&point()).as_deref(), Some("85%"));
        assert_eq!(doubt(20, 5, 5).success(&point()), None);
    }

    #[test]
    fn rows_of_another_figure_say_nothing_of_this_one() {
        assert_eq!(doubt(21, 5, 3).success(&point()), None);
        assert_eq!(doubt(20, 4, 3).success(&point()), None);
        assert_eq!(Doubt::default().success(&point()), None);
    }
}
