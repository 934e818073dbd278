//! Two shares compared: is the change more than noise?
//!
//! A change is called one only when the two 95 % Wilson intervals part, that
//! is, have no point in common. This is stricter than a 5 % test of the
//! difference (N. Schenker and J. F. Gentleman, "On Judging the Significance
//! of Differences by Examining the Overlap Between Confidence Intervals", The
//! American Statistician 55 (2001), 182-186): a weekly page that looks at many
//! figures should rather be silent than wrong.
//!
//! The difference itself is given with the hybrid score interval, method 10 of
//! R. G. Newcombe, "Interval Estimation for the Difference Between Independent
//! Proportions", Statistics in Medicine 17 (1998), 873-890.

use super::{Interval, Rate};

/// What may be said of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The intervals part and the second share is the higher one.
    Higher,
    /// The intervals part and the second share is the lower one.
    Lower,
    /// The intervals have points in common: noise, as far as one can say.
    NotDistinct,
}

/// The change from one share to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RateComparison {
    /// Second share minus first share.
    pub(crate) difference: f64,
    /// The 95 % interval of the difference.
    pub(crate) interval: Interval,
    /// Whether the two shares' own intervals part.
    pub(crate) verdict: Verdict,
}

/// Returns whether two intervals have no point in common.
///
/// Intervals that touch do not part.
pub(crate) fn intervals_part(first: Interval, second: Interval) -> bool {
    first.upper < second.lower || second.upper < first.lower
}

/// Returns the change from `first` to `second`.
///
/// The level of the difference's interval is the level at which the two rates
/// were made, so both must come from the same function.
pub(crate) fn compare_rates(first: &Rate, second: &Rate) -> RateComparison {
    let difference = second.share - first.share;
    let verdict = match intervals_part(first.interval, second.interval) {
        false => Verdict::NotDistinct,
        true if difference > 0.0 => Verdict::Higher,
        true => Verdict::Lower,
    };
    let towards_lower =
        (second.share - second.interval.lower).hypot(first.interval.upper - first.share);
    let towards_upper =
        (second.interval.upper - second.share).hypot(first.share - first.interval.lower);
    RateComparison {
        difference,
        interval: Interval {
            lower: difference - towards_lower,
            upper: difference + towards_upper,
        },
        verdict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{assert_close, wilson};

    fn rate(k: u64, n: u64) -> Rate {
        wilson(k, n).expect("n is positive and k at most n")
    }

    // python3 -c "from statsmodels.stats.proportion import confint_proportions_2indep as c;
    //   [print(a,c(*a,method='newcomb',compare='diff',alpha=.05)) for a in
    //    [(9,40,3,45),(56,70,48,80),(0,10,0,20),(10,10,0,20),(4,23,1,30)]]"
    // (its first sample is the second one here: the difference is first minus second)
    #[test]
    fn the_interval_of_the_difference_agrees_with_statsmodels() {
        for (second, first, lower, upper) in [
            ((9, 40), (3, 45), 0.007030111992928495, 0.31460876135361465),
            ((56, 70), (48, 80), 0.05243147240236498, 0.33387265403690614),
            ((0, 10), (0, 20), -0.1611251580528194, 0.27753279986288926),
            ((10, 10), (0, 20), 0.6790860371419145, 1.0),
            ((4, 23), (1, 30), -0.028624427907389588, 0.3399384919131236),
        ] {
            let change = compare_rates(&rate(first.0, first.1), &rate(second.0, second.1));
            assert_close(change.interval.lower, lower);
            assert_close(change.interval.upper, upper);
        }
    }

    #[test]
    fn intervals_that_part_name_the_direction() {
        let (low, high) = (rate(2, 100), rate(30, 100));
        assert_eq!(compare_rates(&low, &high).verdict, Verdict::Higher);
        assert_eq!(compare_rates(&high, &low).verdict, Verdict::Lower);
    }

    // 48/80 and 56/70: the difference excludes zero, yet the intervals
    // 0.490-0.700 and 0.692-0.877 overlap.
    #[test]
    fn overlapping_intervals_are_noise_even_when_the_difference_excludes_zero() {
        let change = compare_rates(&rate(48, 80), &rate(56, 70));
        assert!(change.interval.lower > 0.0);
        assert_eq!(change.verdict, Verdict::NotDistinct);
    }

    #[test]
    fn a_share_does_not_differ_from_itself() {
        let change = compare_rates(&rate(3, 7), &rate(3, 7));
        assert_eq!(change.difference, 0.0);
        assert_eq!(change.verdict, Verdict::NotDistinct);
    }

    #[test]
    fn intervals_that_touch_do_not_part() {
        let interval = |lower, upper| Interval { lower, upper };
        assert!(!intervals_part(interval(0.0, 0.5), interval(0.5, 1.0)));
        assert!(intervals_part(interval(0.0, 0.4), interval(0.5, 1.0)));
        assert!(intervals_part(interval(0.5, 1.0), interval(0.0, 0.4)));
    }
}
