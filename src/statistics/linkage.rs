//! Agglomerative clustering: what is nearest is joined first, until no two groups are
//! within a distance of each other.
//!
//! The distance of two groups is the mean of those of their members (average linkage,
//! UPGMA: R. R. Sokal and C. D. Michener, 1958), so that one stray member does not chain
//! two groups together. The algorithm is that of D. Müllner, "Modern hierarchical,
//! agglomerative clustering algorithms" (2011), by the crate `kodama`. Of equal
//! distances the order of the observations decides, so the caller gives it.

use kodama::{Method, linkage};

/// Returns for each of `count` observations the first observation of its group.
///
/// `distances` has those of the pairs (0, 1), (0, 2), ... (1, 2), ..., zero or more; it
/// is used as room to work in. Groups within `cut` of each other are joined.
pub(crate) fn average_linkage(distances: &mut [f64], count: usize, cut: f64) -> Vec<usize> {
    let mut first: Vec<usize> = (0..count).collect();
    if count < 2 {
        return first;
    }
    debug_assert_eq!(distances.len(), count * (count - 1) / 2);
    let dendrogram = linkage(distances, count, Method::Average);
    // The observations and then the groups, each by its members.
    let mut members: Vec<Vec<usize>> = (0..count).map(|one| vec![one]).collect();
    for step in dendrogram.steps() {
        let mut joined = Vec::new();
        if step.dissimilarity <= cut {
            joined.append(&mut members[step.cluster1]);
            joined.append(&mut members[step.cluster2]);
        }
        members.push(joined);
    }
    for group in members {
        let Some(least) = group.iter().min().copied() else {
            continue;
        };
        for member in group {
            first[member] = least;
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17.1: `fcluster(linkage(d, 'average'), cut, 'distance')`; the groups joined
    /// at 0.1, 0.2, 0.4, 0.5666... and 0.73125.
    const DISTANCES: [f64; 15] = [
        0.20, 0.90, 0.80, 0.75, 0.95, 0.30, 0.85, 0.60, 0.70, 0.65, 0.55, 0.50, 0.10, 0.45, 0.35,
    ];

    #[test]
    fn groups_are_those_of_another_library_at_every_cut() {
        for (cut, expected) in [
            (0.05, [0, 1, 2, 3, 4, 5]),
            (0.15, [0, 1, 2, 3, 3, 5]),
            (0.25, [0, 0, 2, 3, 3, 5]),
            (0.42, [0, 0, 2, 3, 3, 3]),
            (0.50, [0, 0, 2, 3, 3, 3]),
            (0.65, [0, 0, 2, 2, 2, 2]),
            (0.80, [0, 0, 0, 0, 0, 0]),
        ] {
            assert_eq!(
                average_linkage(&mut DISTANCES.clone(), 6, cut),
                expected,
                "{cut}"
            );
        }
    }

    #[test]
    fn a_group_is_joined_at_the_cut_itself_and_one_observation_is_a_group() {
        assert_eq!(average_linkage(&mut [0.5], 2, 0.5), [0, 0]);
        assert_eq!(average_linkage(&mut [0.5], 2, 0.49), [0, 1]);
        assert_eq!(average_linkage(&mut [], 1, 0.5), [0]);
        assert_eq!(average_linkage(&mut [], 0, 0.5), [0; 0]);
    }
}
