//! The XmR control chart: individual values and moving ranges.
//!
//! Limits: centre +- 2.66 x mean moving range, moving ranges up to 3.268 x
//! their mean (D. J. Wheeler and D. S. Chambers, "Understanding Statistical
//! Process Control", 1992: 2.66 = 3 / d2 and 3.268 = D4 with d2 = 1.128).
//! Signals are the four rules of the Western Electric "Statistical Quality
//! Control Handbook", 1956: beyond a limit, two of three beyond two sigma,
//! four of five beyond one, eight on one side; each on one side of the centre,
//! sigma being the mean moving range / 1.128.
//!
//! Invariants: the limits come from the baseline alone, which the caller
//! chooses; nothing is rounded; a gap (no value, or one that is not finite) is
//! skipped, so the values on its two sides are neighbours. A measure that
//! cannot be negative has no lower limit when that would be at or below zero,
//! and the rules of that limit (beyond it, and the zones between it and the
//! centre) are then off; eight below the centre needs no limit and stays.

use std::ops::Range;

mod rules;

pub(crate) use rules::{Rule, Side, Signal};

/// The fewest baseline values that limits are computed from.
pub(crate) const BASELINE_MINIMUM: usize = 14;
/// Width of the limits in mean moving ranges.
const LIMIT_FACTOR: f64 = 2.66;
/// Upper limit of the moving ranges in mean moving ranges.
const RANGE_LIMIT_FACTOR: f64 = 3.268;
/// d2 for two values: mean moving range per standard deviation.
const RANGE_PER_SIGMA: f64 = 1.128;

/// What values the measure can take at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Counts, durations and shares.
    NonNegative,
    /// Differences and logarithms.
    Unbounded,
}

/// A chart, or the reason why there is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Xmr {
    /// The limits and every point.
    Chart(XmrChart),
    /// The baseline has fewer values than limits need.
    TooFew {
        /// How many values the baseline has.
        found: usize,
        /// How many it needs.
        needed: usize,
    },
}

/// Limits from the baseline, points from the whole series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct XmrChart {
    /// How many values the baseline has.
    pub(crate) baseline_count: usize,
    /// The mean of the baseline.
    pub(crate) centre: f64,
    /// The mean moving range of the baseline.
    pub(crate) mean_moving_range: f64,
    /// The standard deviation that the mean moving range stands for.
    pub(crate) sigma: f64,
    /// The lower limit; `None` when it is not to be drawn.
    pub(crate) lower_limit: Option<f64>,
    /// The upper limit.
    pub(crate) upper_limit: f64,
    /// The upper limit of the moving ranges.
    pub(crate) moving_range_limit: f64,
    /// One point for each value given, gaps included, in the same order.
    pub(crate) points: Vec<XmrPoint>,
}

/// One value with what it shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct XmrPoint {
    /// The value, `None` in a gap.
    pub(crate) value: Option<f64>,
    /// The distance from the last value before it.
    pub(crate) moving_range: Option<f64>,
    /// Whether the moving range lies above its limit.
    pub(crate) is_range_beyond_limit: bool,
    /// The signals that the point is part of, each rule and side once.
    pub(crate) signals: Vec<Signal>,
}

/// Returns the chart of a series in order of time, with the limits of
/// `baseline` (positions in `values`, cut to its length).
pub(crate) fn xmr(values: &[Option<f64>], baseline: Range<usize>, bound: Bound) -> Xmr {
    let finite: Vec<Option<f64>> = values
        .iter()
        .map(|value| value.filter(|x| x.is_finite()))
        .collect();
    let end = baseline.end.min(finite.len());
    let start = baseline.start.min(end);
    let base: Vec<f64> = finite[start..end].iter().copied().flatten().collect();
    if base.len() < BASELINE_MINIMUM {
        return Xmr::TooFew {
            found: base.len(),
            needed: BASELINE_MINIMUM,
        };
    }
    let centre = mean(&base);
    let base_ranges: Vec<f64> = base.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
    let mean_moving_range = mean(&base_ranges);
    let lower = centre - LIMIT_FACTOR * mean_moving_range;
    let mut chart = XmrChart {
        baseline_count: base.len(),
        centre,
        mean_moving_range,
        sigma: mean_moving_range / RANGE_PER_SIGMA,
        lower_limit: (bound == Bound::Unbounded || lower > 0.0).then_some(lower),
        upper_limit: centre + LIMIT_FACTOR * mean_moving_range,
        moving_range_limit: RANGE_LIMIT_FACTOR * mean_moving_range,
        points: Vec::with_capacity(finite.len()),
    };
    chart.points = points(&finite, chart.moving_range_limit);
    rules::mark_signals(&mut chart);
    Xmr::Chart(chart)
}

fn points(values: &[Option<f64>], moving_range_limit: f64) -> Vec<XmrPoint> {
    let mut last = None;
    let point = |&value: &Option<f64>| {
        let moving_range = value
            .zip(last)
            .map(|(here, before): (f64, f64)| (here - before).abs());
        last = value.or(last);
        XmrPoint {
            value,
            moving_range,
            is_range_beyond_limit: moving_range
                .is_some_and(|range| rules::is_above(range, moving_range_limit)),
            signals: Vec::new(),
        }
    };
    values.iter().map(point).collect()
}

/// The mean, summed as distances from the first value: a flat series has
/// exactly its own value as centre, so it cannot signal against itself.
fn mean(values: &[f64]) -> f64 {
    let first = values[0];
    let distances: f64 = values.iter().map(|value| value - first).sum();
    first + distances / values.len() as f64
}

#[cfg(test)]
mod tests;
