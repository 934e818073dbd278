//! Many questions asked of the same past: how many of the answers may be believed.
//!
//! Source: Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate: a
//! Practical and Powerful Approach to Multiple Testing", Journal of the Royal
//! Statistical Society B 57 (1995), 289-300: with the p-values in order, the
//! largest k for which `p(k) <= k/m q`; the first k are discoveries, and on average
//! at most the share q of them is false. It holds for questions that do not hang
//! together, and for those that hang together positively (Benjamini and Yekutieli
//! 2001).

/// What may be believed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Discoveries {
    /// For each p-value, whether it is a discovery.
    pub(crate) are: Vec<bool>,
    /// The p-value up to which it is one: `k/m q`, with k at least 1; 0 without
    /// p-values.
    pub(crate) limit: f64,
}

/// Returns the discoveries among all p-values, of which at most the share
/// `false_share` is false on average.
///
/// A p-value that is no number is none, and counts as tried.
pub(crate) fn benjamini_hochberg(p_values: &[f64], false_share: f64) -> Discoveries {
    let mut ordered: Vec<f64> = p_values.iter().copied().filter(|p| !p.is_nan()).collect();
    ordered.sort_by(f64::total_cmp);
    let tried = p_values.len().max(1) as f64;
    let line = |rank: usize| rank as f64 / tried * false_share;
    let ranked = (1..).zip(&ordered);
    let found = ranked.filter(|(rank, p)| **p <= line(*rank)).last();
    let limit = match (found, p_values.is_empty()) {
        (_, true) => 0.0,
        (Some((rank, _)), _) => line(rank),
        (None, _) => line(1),
    };
    Discoveries {
        are: p_values
            .iter()
            .map(|p| found.is_some() && *p <= limit)
            .collect(),
        limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(p_values: &[f64], false_share: f64) -> Vec<usize> {
        let discoveries = benjamini_hochberg(p_values, false_share);
        let are = discoveries.are.iter().enumerate();
        are.filter(|(_, is)| **is).map(|(index, _)| index).collect()
    }

    // python3 -c "from statsmodels.stats.multitest import multipletests as t;
    //   p=[.0008,.039,.041,.042,.0001,.06,.074,.205,.212,.216,.222,.251,.269,.275,.34,
    //      .009,.0095,.6,.7,.99]
    //   [print(a,[i for i,r in enumerate(t(p,a,'fdr_bh')[0]) if r]) for a in (.05,.1,.2)]
    //   p=[.02,.04,.06,.08,.1]
    //   [print(a,[i for i,r in enumerate(t(p,a,'fdr_bh')[0]) if r]) for a in (.05,.0999,.1)]"
    #[test]
    fn discoveries_agree_with_statsmodels() {
        let p = [
            0.0008, 0.039, 0.041, 0.042, 0.0001, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251,
            0.269, 0.275, 0.34, 0.009, 0.0095, 0.6, 0.7, 0.99,
        ];
        assert_eq!(found(&p, 0.05), [0, 4, 15, 16]);
        assert_eq!(found(&p, 0.1), [0, 4, 15, 16]);
        assert_eq!(found(&p, 0.2), [0, 1, 2, 3, 4, 5, 6, 15, 16]);
        let even = [0.02, 0.04, 0.06, 0.08, 0.1];
        assert_eq!(found(&even, 0.05), [0; 0]);
        assert_eq!(found(&even, 0.0999), [0; 0]);
        assert_eq!(found(&even, 0.1), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn what_could_not_be_judged_counts_as_tried() {
        assert_eq!(found(&[0.04, 0.5], 0.1), [0]);
        assert_eq!(found(&[0.04, 0.5, 1.0], 0.1), [0; 0]);
        assert_eq!(found(&[0.04, 0.5, f64::NAN], 0.1), [0; 0]);
    }

    #[test]
    fn the_limit_is_where_discoveries_end() {
        assert_eq!(benjamini_hochberg(&[0.2, 0.9], 0.1).limit, 0.05);
        assert_eq!(benjamini_hochberg(&[0.01, 0.09], 0.1).limit, 0.1);
        assert_eq!(benjamini_hochberg(&[], 0.1).limit, 0.0);
    }
}
