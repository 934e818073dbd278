//! What samples, counts or iterates over plain numbers: quantiles, intervals,
//! survival curves, control charts, funnel limits, resampling, groups and orders.
//!
//! It stands apart from the SQL because a query says plainly what a sum or a
//! join says plainly, and no more. Invariants: pure functions, slices in and
//! structs out; no input, output or clock, and chance only from a seed the
//! caller gives; nothing here knows a table, a mart or a page; too little data is a value (`None`, `TooFew`), never a
//! zero and never a panic. Each file cites the source of its formula.

#[allow(dead_code, reason = "no page shows an interval of a median yet")]
mod bootstrap;
mod cluster_interval;
mod clustered;
mod comparison;
mod counts;
mod day_counts;
mod dice;
mod false_discovery;
mod funnel;
mod kaplan_meier;
mod linkage;
mod monte_carlo;
mod normal;
mod precedence;
mod quantiles;
mod recalibration;
mod sample_interval;
mod wilson;
mod xmr;

#[allow(unused_imports, reason = "no page shows an interval of a median yet")]
pub(crate) use bootstrap::{Bootstrap, bootstrap_median, bootstrap_ratio};
pub(crate) use cluster_interval::{ClusteredItem, Middle, cluster_interval};
pub(crate) use clustered::ClusteredSample;
pub(crate) use comparison::{Verdict, compare_rates, intervals_part};
pub(crate) use counts::compare_counts;
pub(crate) use day_counts::{DayCounts, SHARES};
pub(crate) use dice::Dice;
pub(crate) use false_discovery::benjamini_hochberg;
pub(crate) use funnel::{FunnelStanding, funnel_grid, funnel_limits, funnel_standing};
pub(crate) use kaplan_meier::{Observation, SurvivalCurve, SurvivalStep, kaplan_meier};
pub(crate) use linkage::average_linkage;
pub(crate) use monte_carlo::{Growth, OpenWork, ReleaseWork, Work, simulate};
pub(crate) use normal::normal_quantile;
pub(crate) use precedence::{Precedence, Ring, order_by_precedence};
pub(crate) use quantiles::{median, quantiles};
pub(crate) use recalibration::conformal_factor;
pub(crate) use sample_interval::{mean_interval, quantile_interval};
pub(crate) use wilson::{Rate, wilson};
pub(crate) use xmr::{Bound, Rule, Side, Signal, Xmr, XmrChart, xmr};

/// The two-sided 95 % point of the standard normal distribution.
pub(crate) const Z_95: f64 = 1.959_963_984_540_054;

/// A closed interval, `lower <= upper`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interval {
    /// The lower end.
    pub(crate) lower: f64,
    /// The upper end.
    pub(crate) upper: f64,
}

/// Panics unless two numbers agree to 1e-9 relative (absolute below one).
#[cfg(test)]
#[track_caller]
fn assert_close(found: f64, expected: f64) {
    let tolerance = 1e-9 * expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= tolerance,
        "expected {expected}, found {found}"
    );
}
