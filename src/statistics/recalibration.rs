//! Percentiles corrected by how earlier ones came true.
//!
//! Source: Y. Romano, E. Patterson and E. Candès, "Conformalized Quantile Regression",
//! Advances in Neural Information Processing Systems 32, 2019. There the correction is
//! added; here it multiplies, because forecasts of a week and of a quarter err by shares
//! of themselves. With n earlier cases of the same kind that come in any order, the
//! corrected percentile q is reached in at least q of the cases to come, whatever was
//! wrong with the model: the factor is the ⌈q (n + 1)⌉-th smallest of what each earlier
//! case would have needed.

/// The fewest earlier cases that a correction is drawn from.
pub(crate) const CASE_MINIMUM: usize = 10;

/// Returns the factor for the percentile `share` from what earlier cases would have
/// needed (actual over forecast); `None` where there are fewer than [`CASE_MINIMUM`].
/// Where even the largest is not certain to be enough, it is the largest.
pub(crate) fn conformal_factor(needed: &[f64], share: f64) -> Option<f64> {
    if needed.len() < CASE_MINIMUM {
        return None;
    }
    let mut sorted: Vec<f64> = needed.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (share * (sorted.len() + 1) as f64 - 1e-9).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len()) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_is_the_rank_that_exchangeable_cases_ask_for() {
        let needed: Vec<f64> = (1..=19).rev().map(f64::from).collect();
        // 0.5 × 20 = 10, 0.85 × 20 = 17, 0.95 × 20 = 19.
        assert_eq!(conformal_factor(&needed, 0.5), Some(10.0));
        assert_eq!(conformal_factor(&needed, 0.85), Some(17.0));
        assert_eq!(conformal_factor(&needed, 0.95), Some(19.0));
    }

    #[test]
    fn few_cases_give_the_largest_and_fewer_give_none() {
        let needed: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(conformal_factor(&needed, 0.95), Some(10.0));
        assert_eq!(conformal_factor(&needed[1..], 0.5), None);
    }
}
