//! Two counts over spans of equal length compared: is the change more than noise?
//!
//! Given their sum, the later of two Poisson counts of one rate is binomial with a half
//! (J. Przyborowski and H. Wilenski, "Homogeneity of results in testing samples from
//! Poisson series", Biometrika 31 (1940), 313-323). A change is called one only when the
//! 95 % Wilson interval of its share does not hold that half.

use super::{Verdict, wilson};

/// Returns what may be said of the change from `first` to `second`; `None` for nothing
/// counted in either.
pub(crate) fn compare_counts(first: u64, second: u64) -> Option<Verdict> {
    let share = wilson(second, first.checked_add(second)?)?;
    Some(
        match (share.interval.lower > 0.5, share.interval.upper < 0.5) {
            (true, _) => Verdict::Higher,
            (_, true) => Verdict::Lower,
            _ => Verdict::NotDistinct,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_called_one_only_beyond_chance() {
        // The Wilson interval by its formula, in Python: 5 of 5 is (0.5655, 1),
        // 3 of 3 (0.4385, 1), 9 of 11 (0.5230, 0.9486), 8 of 10 (0.4902, 0.9433).
        for (first, second, expected) in [
            (0, 0, None),
            (0, 3, Some(Verdict::NotDistinct)),
            (0, 5, Some(Verdict::Higher)),
            (5, 0, Some(Verdict::Lower)),
            (2, 9, Some(Verdict::Higher)),
            (2, 8, Some(Verdict::NotDistinct)),
            (8, 2, Some(Verdict::NotDistinct)),
            (u64::MAX, 1, None),
        ] {
            assert_eq!(compare_counts(first, second), expected, "{first}, {second}");
        }
    }
}
