//! The p-value of a condition, held to values derived by hand, to its own exact
//! distribution, and to simulated pasts in which nothing hangs together.

use super::*;
use crate::statistics::assert_close;

fn sample(items: &[(usize, bool, f64)]) -> ClusteredSample {
    ClusteredSample::new(items.iter().copied())
}

// Four releases of one matched and one other item; the outcomes 1/0, 1/0, 1/0, 0/0:
// mean m = 1/2, mean r = 3/8. Scores: (1/2)(5/8) + (-1/2)(-3/8) = 1/2 in the first
// three, (1/2)(-3/8) + (-1/2)(-3/8) = 0 in the last. Slope 1.5 / (8/4) = 3/4, which is
// the difference of the means 3/4 and 0; error sqrt(3/4) / 2.
#[test]
fn scores_slope_and_error_are_those_derived_by_hand() {
    let items: Vec<(usize, bool, f64)> = [1.0, 1.0, 1.0, 0.0]
        .into_iter()
        .enumerate()
        .flat_map(|(release, bad)| [(release, true, bad), (release, false, 0.0)])
        .collect();
    let score = sample(&items).score().expect("both sides are there");
    assert_close(score.slope, 0.75);
    assert_close(score.error, 0.75_f64.sqrt() / 2.0);
    assert_eq!(score.cluster_count, 3);
    // Of the eight changes of three equal signs, one gives as large a sum.
    assert_close(all_signs(&[0.5, 0.5, 0.5]), 0.125);
    assert!(sample(&items).p_value(1) >= 0.125);
}

#[test]
fn nothing_to_compare_is_no_finding() {
    for items in [
        vec![],
        vec![(0, true, 1.0), (1, true, 0.0)],
        vec![(0, true, 1.0), (1, false, 1.0)],
    ] {
        assert_eq!(sample(&items).p_value(1), 1.0);
        assert_eq!(sample(&items).score(), None);
    }
}

// 3 1 1 2: the ones share the ranks 1 and 2.
#[test]
fn equal_outcomes_share_their_rank() {
    let ranked = sample(&[
        (0, true, 3.0),
        (0, false, 1.0),
        (1, true, 1.0),
        (1, false, 2.0),
    ]);
    assert_eq!(ranked.ranked().outcomes, [0.875, 0.25, 0.25, 0.625]);
}

// python3 -c "import itertools as t; u=[3,-1,2,4,-2,5,1];
//   print(sum(sum(a*b for a,b in zip(s,u))>=sum(u) for s in t.product((1,-1),repeat=7))/128)"
#[test]
fn all_changes_of_signs_are_gone_through() {
    assert_close(all_signs(&[3.0, -1.0, 2.0, 4.0, -2.0, 5.0, 1.0]), 0.0859375);
}

#[test]
fn drawn_signs_come_near_to_all_of_them() {
    let scores: Vec<f64> = (0..14).map(|i| f64::from(i % 5) - 1.0).collect();
    assert!((drawn_signs(&scores, 3) - all_signs(&scores)).abs() < 0.02);
}

#[test]
fn the_same_seed_gives_the_same_p_value() {
    let mut chance = ChaCha8Rng::seed_from_u64(5);
    let items = past(&mut chance, 30, Level::Item, 0.3);
    assert_eq!(items.p_value(8), items.p_value(8));
}

// Every matched item bad, no other: the strongest there can be.
#[test]
fn what_always_holds_is_found() {
    let items: Vec<(usize, bool, f64)> = (0..20)
        .flat_map(|release| {
            [
                (release, true, 1.0),
                (release, false, 0.0),
                (release, false, 0.0),
            ]
        })
        .collect();
    let found = sample(&items).p_value(2);
    assert!(found <= 2.0 / 10_000.0, "{found}");
    assert!(sample(&items).turned().p_value(2) > 0.9);
}

#[derive(Clone, Copy)]
enum Level {
    Item,
    Release,
}

/// A past of releases of 2 to 9 items, in which whole releases go wrong, and a
/// condition, of items or of whole releases, that has nothing to do with it.
fn past(chance: &mut ChaCha8Rng, releases: usize, level: Level, share: f64) -> ClusteredSample {
    let mut items = Vec::new();
    for release in 0..releases {
        let is_bad = draw_index(chance, 10) == 0;
        let holds = |chance: &mut ChaCha8Rng| (draw_index(chance, 1000) as f64) < share * 1000.0;
        let of_release = holds(chance);
        for _ in 0..2 + draw_index(chance, 8) {
            let is_matched = match level {
                Level::Item => holds(chance),
                Level::Release => of_release,
            };
            let own = draw_index(chance, 20) == 0;
            items.push((release, is_matched, f64::from(u8::from(is_bad || own))));
        }
    }
    sample(&items)
}

// 400 pasts each: below 5 %, of which 20 are expected, more than 35 come up once in a
// thousand times (scipy.stats.binom.ppf(.999, 400, .05)).
#[test]
fn where_nothing_hangs_together_p_values_are_not_small_too_often() {
    for (level, share) in [
        (Level::Item, 0.75),
        (Level::Item, 0.2),
        (Level::Release, 0.75),
        (Level::Release, 0.2),
    ] {
        for releases in [12, 40] {
            let mut chance = ChaCha8Rng::seed_from_u64(releases as u64);
            let mut small = 0;
            for seed in 0..400 {
                let past = past(&mut chance, releases, level, share);
                small += usize::from(past.p_value(seed) <= 0.05);
            }
            assert!(
                small <= 35,
                "{small} of 400 with {releases} releases, {share}"
            );
        }
    }
}
