//! Intervals of figures that have no formula of their own, by resampling.
//!
//! Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap",
//! 1993: percentile interval, section 13.3; BCa interval, section 14.3, with
//! the acceleration of the jackknife, equation 14.15. A median has the
//! percentile interval only: the jackknife, and so the acceleration, fails for
//! statistics that are not smooth (section 11.6). A ratio has BCa.
//!
//! Chance is a stream of ChaCha8 keyed by the seed the caller gives, so the
//! same values in the same order and the same seed give the same interval. A
//! resample on which the figure does not exist (a ratio with nothing below the
//! line) is left out and counted.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::normal::{normal_cdf, normal_quantile};
use super::quantiles::{median, quantiles};
use super::{Interval, Z_95};

/// How many resamples an interval stands on.
pub(crate) const RESAMPLES: usize = 4_000;
/// The fewest values that are resampled: of fewer, resamples are mostly copies.
pub(crate) const SAMPLE_MINIMUM: usize = 5;
/// The two ends of a 95 % interval.
const ENDS: [f64; 2] = [0.025, 0.975];

/// A figure with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bootstrap {
    /// The figure of the sample itself.
    pub(crate) estimate: f64,
    /// Its 95 % interval.
    pub(crate) interval: Interval,
    /// How many values were used.
    pub(crate) count: usize,
    /// How many of [`RESAMPLES`] had the figure.
    pub(crate) resamples: usize,
}

/// Returns the median of the finite values with its percentile interval.
///
/// `None` when fewer than [`SAMPLE_MINIMUM`] are finite.
pub(crate) fn bootstrap_median(values: &[f64], seed: u64) -> Option<Bootstrap> {
    let finite: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    let estimate = median(&finite).filter(|_| finite.len() >= SAMPLE_MINIMUM)?;
    let replicates = resample(&finite, seed, median);
    let [lower, upper] = quantiles(&replicates, ENDS)?;
    Some(Bootstrap {
        estimate,
        interval: Interval { lower, upper },
        count: finite.len(),
        resamples: replicates.len(),
    })
}

/// Returns the sum of the first numbers over the sum of the second ones, for
/// example actual over planned, with its BCa interval; pairs are drawn whole.
///
/// `None` when fewer than [`SAMPLE_MINIMUM`] pairs are finite or the second
/// sum is not positive.
pub(crate) fn bootstrap_ratio(pairs: &[(f64, f64)], seed: u64) -> Option<Bootstrap> {
    let is_finite = |pair: &&(f64, f64)| pair.0.is_finite() && pair.1.is_finite();
    let finite: Vec<(f64, f64)> = pairs.iter().filter(is_finite).copied().collect();
    let estimate = ratio(&finite).filter(|_| finite.len() >= SAMPLE_MINIMUM)?;
    let replicates = resample(&finite, seed, ratio);
    let levels = bca_levels(
        share_below(&replicates, estimate),
        jackknife_acceleration(&finite, ratio),
    );
    let [lower, upper] = quantiles(&replicates, levels)?;
    Some(Bootstrap {
        estimate,
        interval: Interval { lower, upper },
        count: finite.len(),
        resamples: replicates.len(),
    })
}

fn ratio(pairs: &[(f64, f64)]) -> Option<f64> {
    let above: f64 = pairs.iter().map(|pair| pair.0).sum();
    let below: f64 = pairs.iter().map(|pair| pair.1).sum();
    (below > 0.0).then(|| above / below)
}

/// Returns the figure of each resample that has it.
fn resample<T: Copy>(sample: &[T], seed: u64, figure: impl Fn(&[T]) -> Option<f64>) -> Vec<f64> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = Vec::with_capacity(sample.len());
    let mut replicates = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        drawn.clear();
        for _ in 0..sample.len() {
            drawn.push(sample[draw_index(&mut chance, sample.len())]);
        }
        replicates.extend(figure(&drawn));
    }
    replicates
}

/// Draws a number below `count`, each as likely: the upper half of a product, integers
/// alone, so that a draw is the same on every machine.
pub(super) fn draw_index(chance: &mut impl Rng, count: usize) -> usize {
    ((u128::from(chance.next_u64()) * count as u128) >> 64) as usize
}

/// The share of replicates below the estimate, those equal to it by half.
fn share_below(replicates: &[f64], estimate: f64) -> f64 {
    let below = replicates.iter().filter(|x| **x < estimate).count();
    let up_to = replicates.iter().filter(|x| **x <= estimate).count();
    (below + up_to) as f64 / (2 * replicates.len().max(1)) as f64
}

/// A sixth of the skewness of the figure without each value in turn.
fn jackknife_acceleration<T: Copy>(sample: &[T], figure: impl Fn(&[T]) -> Option<f64>) -> f64 {
    let mut rest = sample.to_vec();
    let mut figures = Vec::with_capacity(sample.len());
    for index in 0..sample.len() {
        let left_out = rest.swap_remove(index);
        figures.extend(figure(&rest));
        rest.push(left_out);
        let last = rest.len() - 1;
        rest.swap(index, last);
    }
    let mean = figures.iter().sum::<f64>() / figures.len().max(1) as f64;
    let power = |exponent: i32| {
        let distances = figures.iter().map(|figure| (mean - figure).powi(exponent));
        distances.sum::<f64>()
    };
    match power(2).powf(1.5) {
        spread if spread > 0.0 => power(3) / (6.0 * spread),
        _ => 0.0,
    }
}

/// The shares of the replicates between which the BCa interval lies; where all
/// replicates lie on one side of the estimate, those of the percentile interval.
fn bca_levels(share_below: f64, acceleration: f64) -> [f64; 2] {
    let bias = match normal_quantile(share_below) {
        Some(bias) if share_below > 0.0 && share_below < 1.0 => bias,
        _ => return ENDS,
    };
    [-Z_95, Z_95].map(|end| {
        let shifted = bias + end;
        normal_cdf(bias + shifted / (1.0 - acceleration * shifted))
    })
}

#[cfg(test)]
mod tests;
