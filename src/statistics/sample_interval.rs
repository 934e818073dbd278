//! Intervals of what a sample of values says: its quantiles and its mean.
//!
//! A quantile's interval runs from one ordered value to another, with ranks from
//! the binomial distribution, so it needs no assumption on the shape of the
//! values (W. J. Conover, "Practical Nonparametric Statistics", 3rd edition,
//! 1999, section 3.2). It keeps at least 95 %; a sample too small for that has
//! no interval, rather than a narrower one.
//!
//! A mean's interval is Student's ("The Probable Error of a Mean", Biometrika 6
//! (1908), 1-25). It takes its width from the values, so that counts that come
//! in lumps are not taken for steadier than they are.

use super::{Interval, Z_95};

/// The chance left out on each side.
const TAIL: f64 = 0.025;

/// The two-sided 95 % point of Student's distribution for 1, 2, ... 30 degrees of
/// freedom.
// python3 -c "from scipy.stats import t; print([t.ppf(.975, d) for d in range(1, 31)])"
const STUDENT: [f64; 30] = [
    12.706204736174694,
    4.302652729749462,
    3.1824463052837078,
    2.7764451051977934,
    2.5705818356363146,
    2.4469118511449786,
    2.364624251592784,
    2.306004135204166,
    2.262157162798205,
    2.228138851986274,
    2.200985160091639,
    2.1788128296672284,
    2.1603686564627913,
    2.144786687917804,
    2.131449545559776,
    2.1199052992212546,
    2.1098155778333156,
    2.1009220402410382,
    2.0930240544083087,
    2.085963447265864,
    2.0796138447276795,
    2.0738730679040254,
    2.0686576104190486,
    2.0638985616280245,
    2.0595385527532972,
    2.0555294386428735,
    2.0518305164802846,
    2.0484071417952454,
    2.045229642132703,
    2.0422724563012378,
];

/// Returns the 95 % interval of a quantile, `share` being 0.5 for the median.
///
/// `None` where the finite values are too few for one, or `share` is not
/// between 0 and 1.
pub(crate) fn quantile_interval(values: &[f64], share: f64) -> Option<Interval> {
    if !(share > 0.0 && share < 1.0) {
        return None;
    }
    let mut sorted: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let (lower, upper) = ranks(sorted.len(), share)?;
    Some(Interval {
        lower: sorted[lower],
        upper: sorted[upper],
    })
}

/// Returns the places of the two ordered values, counted from 0.
fn ranks(count: usize, share: f64) -> Option<(usize, usize)> {
    let below = binomial_sums(count, share);
    // The largest rank l with P(fewer than l values lie below) within the tail.
    let lower = (0..count).rev().find(|rank| below[*rank] <= TAIL)?;
    // The smallest rank u with P(u or more values lie below) within the tail.
    let upper = (0..count).find(|rank| 1.0 - below[*rank] <= TAIL)?;
    Some((lower, upper))
}

/// Returns P(X <= k) for k = 0 .. count, X binomial with `count` and `share`.
fn binomial_sums(count: usize, share: f64) -> Vec<f64> {
    let (n, odds) = (count as f64, (share / (1.0 - share)).ln());
    let mut term = n * (-share).ln_1p();
    let mut sum = 0.0;
    let mut sums = Vec::with_capacity(count + 1);
    for k in 0..=count {
        sum += term.exp();
        sums.push(sum);
        term += ((n - k as f64) / (k as f64 + 1.0)).ln() + odds;
    }
    sums
}

/// Returns the 95 % interval of the mean.
///
/// `None` for fewer than two finite values, which have no spread.
pub(crate) fn mean_interval(values: &[f64]) -> Option<Interval> {
    let finite = || values.iter().copied().filter(|x| x.is_finite());
    let count = finite().count();
    if count < 2 {
        return None;
    }
    let n = count as f64;
    let mean = finite().sum::<f64>() / n;
    let squares: f64 = finite().map(|x| (x - mean) * (x - mean)).sum();
    let error = (squares / (n - 1.0) / n).sqrt();
    let width = STUDENT.get(count - 2).copied().unwrap_or(Z_95) * error;
    Some(Interval {
        lower: mean - width,
        upper: mean + width,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_close;

    // With binom of scipy.stats, ranks counted from 1: the lower is the largest l
    // with binom.cdf(l - 1, n, p) <= .025, the upper the smallest u with
    // binom.sf(u - 1, n, p) <= .025.
    #[test]
    fn ranks_agree_with_the_binomial_distribution_of_scipy() {
        for (count, share, expected) in [
            (5, 0.5, None),
            (6, 0.5, Some((1, 6))),
            (10, 0.5, Some((2, 9))),
            (20, 0.5, Some((6, 15))),
            (100, 0.5, Some((40, 61))),
            (18, 0.85, None),
            (23, 0.85, Some((16, 23))),
            (46, 0.85, Some((34, 44))),
            (80, 0.85, Some((61, 75))),
        ] {
            let found = ranks(count, share).map(|(l, u)| (l + 1, u + 1));
            assert_eq!(found, expected, "{count} {share}");
        }
    }

    #[test]
    fn the_interval_of_a_quantile_is_made_of_values() {
        let values: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        let interval = quantile_interval(&values, 0.5).expect("ten are enough");
        assert_eq!((interval.lower, interval.upper), (2.0, 9.0));
        assert_eq!(quantile_interval(&values[..5], 0.5), None);
        assert_eq!(quantile_interval(&values, 1.0), None);
        assert_eq!(quantile_interval(&[], 0.5), None);
    }

    // python3 -c "from scipy import stats; import numpy as np
    //   x = [3,0,5,2,2,7,1,0,4,3,2,6,1]
    //   print(stats.t.interval(.95, 12, loc=np.mean(x), scale=stats.sem(x)))"
    #[test]
    fn the_interval_of_a_mean_agrees_with_scipy() {
        let values = [
            3.0, 0.0, 5.0, 2.0, 2.0, 7.0, 1.0, 0.0, 4.0, 3.0, 2.0, 6.0, 1.0,
        ];
        let interval = mean_interval(&values).expect("it has a spread");
        assert_close(interval.lower, 1.4371806940575171);
        assert_close(interval.upper, 4.101280844404021);
        assert_eq!(mean_interval(&[1.0]), None);
    }
}
