//! The standard normal distribution.
//!
//! The distribution function is the Taylor series of G. Marsaglia, "Evaluating
//! the Normal Distribution", Journal of Statistical Software 11 (2004), issue
//! 4: 1/2 + phi(x) (x + x^3/3 + x^5/15 + ..), exact to the last digits for
//! |x| < 7; beyond that it is 0 or 1 to fifteen digits. Its inverse starts from
//! nothing and halves the interval, which needs no table and cannot diverge.

/// Beyond this many standard deviations all is said.
const FARTHEST: f64 = 8.5;
/// Halvings after which the interval is as narrow as its numbers are exact.
const HALVINGS: usize = 60;

/// Returns the share of the distribution at or below `x`.
pub(super) fn normal_cdf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.abs() >= FARTHEST {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut sum, mut last, mut term) = (x, 0.0, x);
    let mut odd = 1.0;
    while sum != last {
        odd += 2.0;
        term *= x * x / odd;
        last = sum;
        sum += term;
    }
    let density = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    (0.5 + sum * density).clamp(0.0, 1.0)
}

/// Returns the value at or below which `share` of the distribution lies, kept
/// to where the distribution function can be told from 0 and 1; `None` unless
/// `share` lies within 0..=1.
pub(crate) fn normal_quantile(share: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let (mut low, mut high) = (-FARTHEST, FARTHEST);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        match normal_cdf(middle) < share {
            true => low = middle,
            false => high = middle,
        }
    }
    Some((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_close;

    // python3 -c "from scipy.stats import norm; print([norm.cdf(x) for x in
    //   (-6,-3.3,-1.96,-.5,0,.7,1.2815515655446004,2.5,5)])"
    #[test]
    fn the_distribution_function_agrees_with_scipy() {
        for (x, expected) in [
            (-6.0, 9.865876450376946e-10),
            (-3.3, 0.00048342414238377744),
            (-1.96, 0.024997895148220435),
            (-0.5, 0.3085375387259869),
            (0.0, 0.5),
            (0.7, 0.758036347776927),
            (1.2815515655446004, 0.9),
            (2.5, 0.9937903346742238),
            (5.0, 0.9999997133484281),
        ] {
            let found = normal_cdf(x);
            assert!((found - expected).abs() < 1e-14, "{x}: {found}");
        }
        assert_eq!((normal_cdf(-40.0), normal_cdf(40.0)), (0.0, 1.0));
    }

    // python3 -c "from scipy.stats import norm;
    //   print([norm.ppf(p) for p in (.001,.025,.2,.5,.61,.9,.975,.999)])"
    #[test]
    fn the_inverse_agrees_with_scipy() {
        for (share, expected) in [
            (0.001, -3.090232306167813),
            (0.025, -1.9599639845400545),
            (0.2, -0.8416212335729142),
            (0.5, 0.0),
            (0.61, 0.27931903444745415),
            (0.9, 1.2815515655446004),
            (0.975, 1.959963984540054),
            (0.999, 3.090232306167813),
        ] {
            let found = normal_quantile(share).expect("it is a share");
            assert_close(found, expected);
        }
    }

    #[test]
    fn what_is_no_share_has_no_quantile() {
        for share in [-0.1, 1.1, f64::NAN] {
            assert_eq!(normal_quantile(share), None);
        }
        assert!(normal_quantile(0.0).is_some_and(|x| x < -8.0));
        assert!(normal_quantile(1.0).is_some_and(|x| x > 8.0));
    }
}
