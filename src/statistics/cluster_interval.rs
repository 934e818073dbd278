//! The interval of a difference between matched and unmatched items, whose releases
//! are drawn whole.
//!
//! Source: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their
//! Application", 1997, section 3.8: of clustered data the clusters are resampled, with
//! all that is in them; percentile interval, section 5.3. Chance is ChaCha8 from the
//! caller's seed. A draw in which nothing or everything matches has no difference and
//! is left out.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::Interval;
use super::bootstrap::draw_index;
use super::quantiles::quantiles;

/// How many draws an interval stands on.
const RESAMPLES: usize = 2_000;

/// Which figure of each side is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Middle {
    /// The mean: of 0 and 1, the share.
    Mean,
    /// The median.
    Median,
}

/// One item: its release, whether it is matched, and its outcome.
pub(crate) type ClusteredItem = (usize, bool, f64);

/// Returns the 95 % interval of the matched items' figure less that of the others.
///
/// `None` below two releases, or where fewer than half of the draws have both sides.
pub(crate) fn cluster_interval(
    items: &[ClusteredItem],
    middle: Middle,
    seed: u64,
) -> Option<Interval> {
    let mut clusters: Vec<usize> = items.iter().map(|item| item.0).collect();
    clusters.dedup();
    if clusters.len() < 2 {
        return None;
    }
    let place = |cluster: usize| clusters.binary_search(&cluster).unwrap_or_default();
    let sorted = |is_matched: bool| {
        let side = items.iter().filter(|item| item.1 == is_matched);
        let mut side: Vec<(f64, usize)> = side.map(|item| (item.2, place(item.0))).collect();
        side.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        side
    };
    let (matched, others) = (sorted(true), sorted(false));
    let figure = match middle {
        Middle::Mean => weighted_mean,
        Middle::Median => weighted_median,
    };
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut times = vec![0_u32; clusters.len()];
    let mut differences = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        times.fill(0);
        for _ in 0..times.len() {
            times[draw_index(&mut chance, clusters.len())] += 1;
        }
        let drawn = figure(&matched, &times).zip(figure(&others, &times));
        differences.extend(drawn.map(|(matched, other)| matched - other));
    }
    if 2 * differences.len() < RESAMPLES {
        return None;
    }
    let [lower, upper] = quantiles(&differences, [0.025, 0.975])?;
    Some(Interval { lower, upper })
}

fn weighted_mean(values: &[(f64, usize)], times: &[u32]) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for (value, cluster) in values {
        let weight = f64::from(times[*cluster]);
        sum += weight * value;
        count += weight;
    }
    (count > 0.0).then(|| sum / count)
}

/// The median of values that are there several times, in order.
fn weighted_median(values: &[(f64, usize)], times: &[u32]) -> Option<f64> {
    let weight = |cluster: usize| u64::from(times[cluster]);
    let total: u64 = values.iter().map(|(_, cluster)| weight(*cluster)).sum();
    let (low, high) = (total.checked_sub(1)? / 2, total / 2);
    let mut before = 0;
    let mut lower = None;
    for (value, cluster) in values {
        before += weight(*cluster);
        if lower.is_none() && before > low {
            lower = Some(*value);
        }
        if before > high {
            return lower.map(|lower| (lower + value) / 2.0);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_close;

    #[test]
    fn values_there_several_times_have_the_median_of_all() {
        let values = [(1.0, 0), (2.0, 1), (5.0, 0), (9.0, 2)];
        // 1 1 2 5 5 9: between the third and the fourth.
        let found = weighted_median(&values, &[2, 1, 1]);
        assert_close(found.expect("there are some"), 3.5);
        assert_eq!(weighted_median(&values, &[0, 1, 0]), Some(2.0));
        assert_eq!(weighted_median(&values, &[0, 0, 0]), None);
    }

    // Of releases that are all alike, every draw has the same difference.
    #[test]
    fn releases_that_are_alike_leave_no_doubt() {
        let items: Vec<ClusteredItem> = (0..6)
            .flat_map(|release| {
                [
                    (release, true, 3.0),
                    (release, false, 1.0),
                    (release, false, 2.0),
                ]
            })
            .collect();
        let found = cluster_interval(&items, Middle::Mean, 7).expect("there are six");
        assert_eq!((found.lower, found.upper), (1.5, 1.5));
        let found = cluster_interval(&items, Middle::Median, 7).expect("there are six");
        assert_eq!((found.lower, found.upper), (1.5, 1.5));
    }

    // Twenty copies of an item are one release's say, not twenty.
    #[test]
    fn copies_of_items_within_a_release_make_nothing_surer() {
        let once: Vec<ClusteredItem> = (0..10)
            .map(|release| {
                (
                    release,
                    release % 2 == 0,
                    f64::from(u8::from(release % 3 == 0)),
                )
            })
            .collect();
        let often: Vec<ClusteredItem> = once.iter().flat_map(|item| [*item; 20]).collect();
        let interval = |items: &[ClusteredItem]| cluster_interval(items, Middle::Mean, 11);
        assert_eq!(interval(&once), interval(&often));
        assert!(interval(&once).is_some());
    }

    #[test]
    fn one_release_has_no_interval() {
        let items = [(3, true, 1.0), (3, false, 0.0)];
        assert_eq!(cluster_interval(&items, Middle::Mean, 1), None);
    }
}
