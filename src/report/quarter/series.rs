//! The quarters of a measure, as the mart has them.

use serde::Serialize;

use super::period::Quarter;
use crate::error::Result;
use crate::lake::Rows;
use crate::report::measures::Point;

/// One quarter of a measure.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub(super) struct QuarterPoint {
    pub(super) quarter: Quarter,
    pub(super) value: Option<f64>,
    pub(super) numerator: Option<i64>,
    pub(super) denominator: i64,
    /// Of these, how many may still turn out otherwise.
    pub(super) provisional: i64,
}

impl QuarterPoint {
    /// Returns the figure alone, for what writes a measure's figures.
    pub(super) fn figure(&self) -> Point {
        Point {
            week_start: self.quarter.start_on,
            value: self.value,
            numerator: self.numerator,
            denominator: self.denominator,
            provisional: self.provisional,
        }
    }
}

/// Reads the whole quarters of a measure, in order.
pub(super) fn read_series(rows: &Rows, measure: &str) -> Result<Vec<QuarterPoint>> {
    let mut series = Vec::new();
    for row in rows.indices() {
        let is_partial = rows.boolean("is_partial", row)?.unwrap_or(true);
        let start_on = rows.date("start_on", row)?;
        let (Some(start_on), false) = (start_on, is_partial) else {
            continue;
        };
        if rows.text("measure", row)? != Some(measure) {
            continue;
        }
        series.push(QuarterPoint {
            quarter: Quarter::of(start_on),
            value: rows.number("value", row)?,
            numerator: rows.integer("numerator", row)?,
            denominator: rows.integer("denominator", row)?.unwrap_or(0),
            provisional: rows.integer("provisional_count", row)?.unwrap_or(0),
        });
    }
    series.sort_by_key(|point| point.quarter.start_on);
    Ok(series)
}

/// Returns the last whole quarter that the mart has, if it has one.
pub(super) fn last_quarter(rows: &Rows) -> Result<Option<Quarter>> {
    let mut last = None;
    for row in rows.indices() {
        if !rows.boolean("is_partial", row)?.unwrap_or(true) {
            last = last.max(rows.date("start_on", row)?);
        }
    }
    Ok(last.map(Quarter::of))
}
