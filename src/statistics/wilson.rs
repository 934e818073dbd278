//! A share of a count, with the Wilson score interval.
//!
//! Source: E. B. Wilson, "Probable Inference, the Law of Succession, and
//! Statistical Inference", Journal of the American Statistical Association 22
//! (1927), 209-212. No continuity correction. It stays inside 0..=1 and keeps
//! its coverage at k = 0, at k = n and for the small n that releases have,
//! where the textbook interval p +- z sqrt(p (1 - p) / n) collapses.

use super::{Interval, Z_95};

/// `successes` of `trials`, with the interval of the true share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rate {
    /// k, how many of the trials had the property.
    pub(crate) successes: u64,
    /// n, at least one.
    pub(crate) trials: u64,
    /// k / n.
    pub(crate) share: f64,
    /// The Wilson interval of the share.
    pub(crate) interval: Interval,
}

/// Returns k of n with the 95 % interval.
///
/// `None` when n = 0 (no share, not a share of zero) or k > n.
pub(crate) fn wilson(successes: u64, trials: u64) -> Option<Rate> {
    wilson_with(successes, trials, Z_95)
}

/// Returns k of n with the interval of half-width `z` standard errors.
///
/// `None` when n = 0, k > n, or `z` is negative or not finite.
pub(crate) fn wilson_with(successes: u64, trials: u64, z: f64) -> Option<Rate> {
    if trials == 0 || successes > trials || !z.is_finite() || z < 0.0 {
        return None;
    }
    let n = trials as f64;
    let share = successes as f64 / n;
    let shrink = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / shrink;
    let variance = share * (1.0 - share) / n + z * z / (4.0 * n * n);
    let half_width = z * variance.sqrt() / shrink;
    // At the two ends the bound is exactly 0 or 1; rounding would miss it.
    let lower = if successes == 0 {
        0.0
    } else {
        centre - half_width
    };
    let upper = if successes == trials {
        1.0
    } else {
        centre + half_width
    };
    Some(Rate {
        successes,
        trials,
        share,
        interval: Interval { lower, upper },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_close;

    // python3 -c "from statsmodels.stats.proportion import proportion_confint as c;
    //   [print(k,n,c(k,n,alpha=.05,method='wilson')) for k,n in
    //    [(4,23),(0,10),(10,10),(1,1),(0,1),(1,10),(500,1000),(3,7)]]"
    #[test]
    fn the_interval_agrees_with_statsmodels() {
        for (k, n, lower, upper) in [
            (4, 23, 0.06978653563062565, 0.3713764764022614),
            (0, 10, 0.0, 0.27753279986288926),
            (10, 10, 0.7224672001371106, 1.0),
            (1, 1, 0.2065493143772374, 1.0),
            (0, 1, 0.0, 0.7934506856227627),
            (1, 10, 0.017876213095072924, 0.40415002679523854),
            (500, 1000, 0.4690696003681042, 0.5309303996318958),
            (3, 7, 0.15821985525146964, 0.7495416354723428),
        ] {
            let rate = wilson(k, n).expect("n is positive and k at most n");
            assert_close(rate.interval.lower, lower);
            assert_close(rate.interval.upper, upper);
            assert_close(rate.share, k as f64 / n as f64);
        }
    }

    // python3 -c "from statsmodels.stats.proportion import proportion_confint as c;
    //   from scipy.stats import norm; print(norm.ppf(.9), c(4,23,alpha=.2,method='wilson'))"
    #[test]
    fn another_level_is_another_z() {
        let rate = wilson_with(4, 23, 1.2815515655446004).expect("n is positive");
        assert_close(rate.interval.lower, 0.09540887521713604);
        assert_close(rate.interval.upper, 0.29588354866640854);
    }

    #[test]
    fn no_trials_have_no_share() {
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn more_successes_than_trials_are_refused() {
        assert_eq!(wilson(3, 2), None);
    }

    #[test]
    fn a_z_that_is_no_width_is_refused() {
        assert_eq!(wilson_with(1, 2, f64::NAN), None);
        assert_eq!(wilson_with(1, 2, -1.0), None);
    }

    #[test]
    fn the_ends_are_exact_and_the_share_is_inside() {
        for n in 1..=200 {
            let none = wilson(0, n).expect("n is positive");
            let all = wilson(n, n).expect("n is positive");
            assert_eq!(none.interval.lower, 0.0);
            assert_eq!(all.interval.upper, 1.0);
            for k in 0..=n {
                let rate = wilson(k, n).expect("n is positive");
                assert!(rate.interval.lower >= 0.0 && rate.interval.upper <= 1.0);
                assert!(rate.interval.lower <= rate.share && rate.share <= rate.interval.upper);
            }
        }
    }
}
