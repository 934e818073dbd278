//! What may be said of a candidate that is not recommended, and what would be enough.
//!
//! The later releases judge with a standard error, `error`, that shrinks with the
//! square root of their number G. If the effect is as large as the earlier releases
//! had it, `slope`, four of five such pasts would show it with
//! `slope / error * sqrt(G' / G) >= z(1 - p_limit) + z(0.8)`: the usual size of a
//! sample for a test at a level and a power (J. M. Lachin, "Introduction to sample
//! size determination and power analysis for clinical trials", Controlled Clinical
//! Trials 2 (1981), 93-113), at the level that was needed among everything tried.
//! Never fewer than `log2(1 / p_limit)` releases, below which no change of signs is
//! that rare. All releases are `G' / (1 - earlier_share)`; matched items grow with G'.

use super::{Enough, Limits, Verdict};
use crate::statistics::{ClusteredSample, normal_quantile};

/// The share of pasts that would show an effect that is there.
const POWER: f64 = 0.8;

/// The level at which the later releases are said to say the opposite.
const OPPOSITE: f64 = 0.05;

/// What there is to go by.
pub(super) struct Evidence<'e> {
    /// The slope of the earlier releases, towards what the action is for; `None` where
    /// they are too few.
    pub(super) fit_slope: Option<f64>,
    /// The later items; `None` where they are too few.
    pub(super) later: Option<&'e ClusteredSample>,
    /// How many later releases there are.
    pub(super) release_count: usize,
    /// How many of their items match.
    pub(super) matched_count: usize,
    /// The p-value that was needed.
    pub(super) p_limit: f64,
    /// What chance is drawn from.
    pub(super) seed: u64,
}

/// Returns what may be said.
pub(super) fn judge(evidence: &Evidence<'_>, limits: &Limits) -> Verdict {
    if evidence.fit_slope.is_some_and(|slope| slope <= 0.0) {
        return Verdict::NoEffect;
    }
    let at_least = fewest_releases(evidence.p_limit).max(limits.least_releases as f64);
    let few = Enough {
        release_count: in_all(at_least.max(evidence.release_count as f64), limits),
        matched_count: evidence.matched_count.max(limits.least_items) as u64,
    };
    let (Some(slope), Some(later)) = (evidence.fit_slope, evidence.later) else {
        return Verdict::NotEnough(Some(few));
    };
    let Some(score) = later.score() else {
        // Nothing happened on either side: no number of such releases says more.
        return Verdict::NotEnough(None);
    };
    if score.slope < 0.0 && later.clone().turned().p_value(evidence.seed) <= OPPOSITE {
        return Verdict::Contradicted;
    }
    let level = normal_quantile(1.0 - evidence.p_limit).unwrap_or_default();
    let power = normal_quantile(POWER).unwrap_or_default();
    let times = ((level + power) * score.error / slope).powi(2);
    let releases = (times * evidence.release_count as f64).max(at_least);
    if releases <= evidence.release_count as f64 {
        return Verdict::NoEffect;
    }
    let matched = releases / evidence.release_count.max(1) as f64 * evidence.matched_count as f64;
    Verdict::NotEnough(Some(Enough {
        release_count: in_all(releases, limits),
        matched_count: matched.ceil() as u64,
    }))
}

/// The fewest later releases with which a p-value can be that small.
fn fewest_releases(p_limit: f64) -> f64 {
    match p_limit > 0.0 {
        true => (1.0 / p_limit).log2().ceil(),
        false => 0.0,
    }
}

fn in_all(later: f64, limits: &Limits) -> u64 {
    (later.ceil() / (1.0 - limits.earlier_share)).ceil() as u64
}
