//! Quantiles of a sample by linear interpolation.
//!
//! The definition is type 7 of Hyndman and Fan, "Sample Quantiles in
//! Statistical Packages", The American Statistician 50 (1996), 361-365: with
//! the sample sorted as x(0) .. x(n-1), h = (n - 1) p and the quantile is
//! x(floor h) + (h - floor h) (x(floor h + 1) - x(floor h)). It is what
//! `percentile_cont` computes, so that a figure made here and one made by a
//! query agree.
//!
//! Values that are not finite (NaN, infinities) are left out before anything
//! is counted; the count returned is the count used.

/// Returns one quantile, `share` being 0.85 for the 85th percentile.
///
/// `None` when no finite value is given or `share` lies outside 0..=1.
pub(crate) fn quantile(values: &[f64], share: f64) -> Option<f64> {
    quantiles(values, [share]).map(|[value]| value)
}

/// Returns the median, `None` when no finite value is given.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Returns several quantiles, sorting the values once.
///
/// `None` when no finite value is given or a share lies outside 0..=1.
pub(crate) fn quantiles<const N: usize>(values: &[f64], shares: [f64; N]) -> Option<[f64; N]> {
    if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
        return None;
    }
    let sorted = sorted_finite(values);
    if sorted.is_empty() {
        return None;
    }
    Some(shares.map(|share| interpolate(&sorted, share)))
}

fn sorted_finite(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Type 7 on a sorted sample that is not empty.
fn interpolate(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    let position = last as f64 * share;
    let below = (position.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_close;

    const SAMPLE: [f64; 8] = [3.5, 1.25, 9.0, 4.0, 4.0, 12.75, 0.5, 7.0];

    // python3 -c "import numpy as np; x=[3.5,1.25,9,4,4,12.75,.5,7];
    //   print([np.quantile(x,p,method='linear') for p in (0,.05,.25,.5,.7,.85,.95,1)])"
    #[test]
    fn quantiles_agree_with_numpy() {
        let shares = [0.0, 0.05, 0.25, 0.5, 0.7, 0.85, 0.95, 1.0];
        let expected = [0.5, 0.7625, 2.9375, 4.0, 6.7, 8.9, 11.4375, 12.75];
        let found = quantiles(&SAMPLE, shares).expect("the sample is not empty");
        for (found, expected) in found.into_iter().zip(expected) {
            assert_close(found, expected);
        }
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[f64::NAN, f64::INFINITY], 0.5), None);
    }

    #[test]
    fn one_value_is_every_quantile() {
        assert_eq!(quantiles(&[7.5], [0.0, 0.5, 0.95, 1.0]), Some([7.5; 4]));
    }

    #[test]
    fn equal_values_give_that_value_exactly() {
        assert_eq!(quantiles(&[0.1; 13], [0.05, 0.7, 0.85]), Some([0.1; 3]));
    }

    #[test]
    fn values_that_are_not_finite_are_left_out() {
        let values = [f64::NAN, 1.0, f64::INFINITY, 3.0, f64::NEG_INFINITY];
        assert_eq!(median(&values), Some(2.0));
        assert_eq!(quantile(&values, 1.0), Some(3.0));
    }

    #[test]
    fn a_share_outside_zero_to_one_is_refused() {
        for share in [-0.01, 1.01, f64::NAN] {
            assert_eq!(quantile(&SAMPLE, share), None);
        }
    }
}
