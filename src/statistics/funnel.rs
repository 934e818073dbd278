//! Funnel limits: how far a share may lie from the overall one by chance, for
//! as many trials as stand behind it.
//!
//! Source: D. J. Spiegelhalter, "Funnel plots for comparing institutional
//! performance", Statistics in Medicine 24 (2005), 1185-1202, appendix A.1.1.
//! With R binomial(n, centre) and r the least count with P(R <= r) >= p, the
//! limit at level p is (r - a) / n, a = (P(R <= r) - p) / P(R = r): the exact
//! distribution, joined between its steps. Levels are 0.025 and 0.975, and
//! 0.001 and 0.999. A limit below zero is zero.
//!
//! The trials are taken as independent: runs of one broken branch that fail
//! together are more alike than that, so a point beyond the 95 % limit is a
//! question, not a verdict. Nothing is widened for it.

use super::{Interval, Rate};

/// Terms smaller than this beside the greatest do not change a sum.
const NEGLIGIBLE: f64 = 1e-30;

/// The limits for one number of trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FunnelLimits {
    /// n, the number of trials.
    pub(crate) trials: u64,
    /// The 95 % limits.
    pub(crate) inner: Interval,
    /// The 99.8 % limits.
    pub(crate) outer: Interval,
}

/// Where a share lies among the limits for its own number of trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FunnelStanding {
    /// Within the 95 % limits, or on one.
    Inside,
    /// Beyond a 95 % limit, not beyond a 99.8 % limit.
    Beyond95,
    /// Beyond a 99.8 % limit.
    Beyond998,
}

/// Returns the limits for `trials` around an overall share `centre`.
///
/// `None` when there are no trials or `centre` lies outside 0..=1.
pub(crate) fn funnel_limits(centre: f64, trials: u64) -> Option<FunnelLimits> {
    if trials == 0 || !(0.0..=1.0).contains(&centre) {
        return None;
    }
    let distribution = Binomial::new(trials, centre);
    let limits = |lower: f64, upper: f64| Interval {
        lower: distribution.limit(lower),
        upper: distribution.limit(upper),
    };
    Some(FunnelLimits {
        trials,
        inner: limits(0.025, 0.975),
        outer: limits(0.001, 0.999),
    })
}

/// Returns where `rate` lies around an overall share, `None` as
/// [`funnel_limits`] does.
pub(crate) fn funnel_standing(centre: f64, rate: &Rate) -> Option<FunnelStanding> {
    let limits = funnel_limits(centre, rate.trials)?;
    let is_beyond = |limits: Interval| rate.share < limits.lower || rate.share > limits.upper;
    Some(match (is_beyond(limits.outer), is_beyond(limits.inner)) {
        (true, _) => FunnelStanding::Beyond998,
        (false, true) => FunnelStanding::Beyond95,
        (false, false) => FunnelStanding::Inside,
    })
}

/// Returns the numbers of trials from 1 to `most` at which a drawing takes the
/// limits: every one up to 30, then about sixty per doubling, always `most`.
pub(crate) fn funnel_grid(most: u64) -> Vec<u64> {
    let mut grid = Vec::new();
    let mut trials = 1;
    while trials < most {
        grid.push(trials);
        trials += (trials / 60).max(1);
    }
    if most > 0 {
        grid.push(most);
    }
    grid
}

/// The counts that carry any weight, with their probabilities.
struct Binomial {
    trials: f64,
    /// The count of the first probability.
    first: u64,
    probabilities: Vec<f64>,
}

impl Binomial {
    /// Builds the distribution outwards from its mode by the ratio of
    /// neighbours, P(r + 1) / P(r) = (n - r) / (r + 1) x p / (1 - p), and
    /// divides by the sum: no factorials, no loss of digits.
    fn new(trials: u64, share: f64) -> Binomial {
        let n = trials as f64;
        if share == 0.0 || share == 1.0 {
            let first = if share == 0.0 { 0 } else { trials };
            return Binomial {
                trials: n,
                first,
                probabilities: vec![1.0],
            };
        }
        let odds = share / (1.0 - share);
        let mode = (((n + 1.0) * share).floor() as u64).min(trials);
        let mut below = Vec::new();
        let mut weight = 1.0;
        for count in (0..mode).rev() {
            weight *= (count + 1) as f64 / ((trials - count) as f64 * odds);
            if weight < NEGLIGIBLE {
                break;
            }
            below.push(weight);
        }
        let first = mode - below.len() as u64;
        let mut probabilities: Vec<f64> = below.into_iter().rev().chain([1.0]).collect();
        weight = 1.0;
        for count in mode..trials {
            weight *= (trials - count) as f64 * odds / (count + 1) as f64;
            if weight < NEGLIGIBLE {
                break;
            }
            probabilities.push(weight);
        }
        let sum: f64 = probabilities.iter().sum();
        probabilities.iter_mut().for_each(|weight| *weight /= sum);
        Binomial {
            trials: n,
            first,
            probabilities,
        }
    }

    /// The interpolated limit at a level, as a share.
    fn limit(&self, level: f64) -> f64 {
        let mut total = 0.0;
        let last = self.probabilities.len() - 1;
        for (index, probability) in self.probabilities.iter().enumerate() {
            total += probability;
            if total >= level || index == last {
                let count = (self.first + index as u64) as f64;
                // A sum that rounding kept below the level ends on its count.
                let excess = ((total - level) / probability).clamp(0.0, 1.0);
                let is_certain = self.probabilities.len() == 1;
                let excess = if is_certain { 0.0 } else { excess };
                return ((count - excess) / self.trials).max(0.0);
            }
        }
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{assert_close, wilson};

    // python3 -c "from scipy.stats import binom
    // def limit(t,n,p):
    //   r=int(binom.ppf(p,n,t)); r-=binom.cdf(r-1,n,t)>=p and r>0
    //   return max(0,(r-(binom.cdf(r,n,t)-p)/binom.pmf(r,n,t))/n)
    // [print(t,n,[limit(t,n,p) for p in (.025,.975,.001,.999)]) for t,n in
    //  [(.1,1),(.1,10),(.1,50),(.1,250),(.108,118),(.02,1000),(.5,7),(.37,100000),(.9,40)]]"
    const SCIPY: [(f64, u64, [f64; 4]); 9] = [
        (0.1, 1, [0.0, 0.7499999999999998, 0.0, 0.99]),
        (0.1, 10, [0.0, 0.2787356597962478, 0.0, 0.44266952627721157]),
        (
            0.1,
            50,
            [
                0.013862926957343662,
                0.17972272762336444,
                0.0,
                0.24012841875238894,
            ],
        ),
        (
            0.1,
            250,
            [
                0.06224090948644645,
                0.13669423778281387,
                0.0443033443551104,
                0.16100310785717206,
            ],
        ),
        (
            0.108,
            118,
            [
                0.05118945996429766,
                0.16295248589554928,
                0.026087304343371136,
                0.20112246489798621,
            ],
        ),
        (
            0.02,
            1000,
            [
                0.011265613818237099,
                0.028646823105793518,
                0.007235451463027923,
                0.03452530338245559,
            ],
        ),
        (
            0.5,
            7,
            [
                0.04489795918367345,
                0.8122448979591835,
                0.0,
                0.9817142857142857,
            ],
        ),
        (
            0.37,
            100_000,
            [
                0.3670038267921305,
                0.3729886282437302,
                0.3652806871129889,
                0.37471673831859015,
            ],
        ),
        (
            0.9,
            40,
            [
                0.7839983954529701,
                0.971111021670208,
                0.7142155483898062,
                0.9983086260747036,
            ],
        ),
    ];

    #[test]
    fn the_limits_agree_with_scipy() {
        for (centre, trials, expected) in SCIPY {
            let found = funnel_limits(centre, trials).expect("there are trials");
            let (inner, outer) = (found.inner, found.outer);
            let found = [inner.lower, inner.upper, outer.lower, outer.upper];
            for (found, expected) in found.into_iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 1e-9,
                    "{centre}, {trials}: {found} for {expected}"
                );
            }
        }
    }

    // By hand: R is 0, 1, 2 with probabilities 0.25, 0.5, 0.25. At 0.025 r = 0
    // and a = (0.25 - 0.025) / 0.25 = 0.9, so the limit is below 0; at 0.975
    // r = 2 and a = (1 - 0.975) / 0.25 = 0.1, so it is 1.9 / 2.
    #[test]
    fn two_tosses_of_a_coin_have_the_limits_found_by_hand() {
        let found = funnel_limits(0.5, 2).expect("there are trials");
        assert_eq!(found.inner.lower, 0.0);
        assert_close(found.inner.upper, 0.95);
    }

    #[test]
    fn the_limits_close_around_the_centre_as_trials_grow() {
        let width = |trials| {
            let limits = funnel_limits(0.1, trials).expect("there are trials");
            assert!(limits.outer.lower <= limits.inner.lower);
            assert!(limits.inner.lower < 0.1 && 0.1 < limits.inner.upper);
            assert!(limits.inner.upper < limits.outer.upper);
            limits.inner.upper - limits.inner.lower
        };
        let widths = [50, 200, 1_000, 20_000, 1_000_000].map(width);
        assert!(
            widths.windows(2).all(|pair| pair[1] < pair[0]),
            "{widths:?}"
        );
    }

    #[test]
    fn a_share_of_none_or_all_has_no_room_for_chance() {
        for centre in [0.0, 1.0] {
            let found = funnel_limits(centre, 12).expect("there are trials");
            for limits in [found.inner, found.outer] {
                assert_eq!((limits.lower, limits.upper), (centre, centre));
            }
        }
    }

    #[test]
    fn no_trials_and_no_share_have_no_limits() {
        assert_eq!(funnel_limits(0.1, 0), None);
        for centre in [-0.1, 1.1, f64::NAN] {
            assert_eq!(funnel_limits(centre, 10), None);
        }
    }

    // Limits of 118 trials at 0.108: 0.0512 and 0.1630, 0.0261 and 0.2011; in
    // runs 6.04 and 19.23, 3.08 and 23.73.
    #[test]
    fn a_share_stands_by_the_limits_of_its_own_trials() {
        let standing = |count| {
            let rate = wilson(count, 118).expect("there are trials");
            funnel_standing(0.108, &rate)
        };
        for (count, expected) in [
            (3, FunnelStanding::Beyond998),
            (4, FunnelStanding::Beyond95),
            (6, FunnelStanding::Beyond95),
            (7, FunnelStanding::Inside),
            (19, FunnelStanding::Inside),
            (20, FunnelStanding::Beyond95),
            (23, FunnelStanding::Beyond95),
            (24, FunnelStanding::Beyond998),
        ] {
            assert_eq!(standing(count), Some(expected), "{count} of 118");
        }
    }

    #[test]
    fn the_grid_goes_from_one_to_the_most_without_repeating() {
        assert!(funnel_grid(0).is_empty());
        assert_eq!(funnel_grid(1), [1]);
        assert_eq!(funnel_grid(4), [1, 2, 3, 4]);
        let grid = funnel_grid(1_000_000);
        assert_eq!((grid.first(), grid.last()), (Some(&1), Some(&1_000_000)));
        assert!(grid.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(grid.len() < 800, "{}", grid.len());
    }
}
