//! Keep, retire or too early, over all that can lead to each.

use super::*;

/// Releases before and since with the same matched and unmatched values throughout.
fn releases(before: &[f64], since: &[f64]) -> Vec<Observed> {
    let observed = |is_since: bool| {
        move |all: &f64| Observed {
            is_since,
            matched: Some(*all),
            unmatched: Some(*all),
            all: *all,
            matched_tally: None,
            all_tally: None,
        }
    };
    let early = before.iter().map(observed(false));
    early.chain(since.iter().map(observed(true))).collect()
}

/// As many releases as limits need, half above and half below 0.5.
fn wavy(count: usize) -> Vec<f64> {
    (0..count)
        .map(|n| if n % 2 == 0 { 0.4 } else { 0.6 })
        .collect()
}

fn judged(before: &[f64], since: &[f64]) -> (Verdict, String) {
    let effect = judge(&releases(before, since), Bound::NonNegative);
    (effect.verdict, effect.reason)
}

#[test]
fn a_rule_is_kept_where_a_signal_says_that_the_outcome_fell() {
    // Centre 0.5 and mean moving range 0.2: no limit below, and eight releases under
    // the centre are the signal. Their mean, 0.49, is too near for intervals to part.
    let (verdict, reason) = judged(&wavy(14), &[0.49; 8]);
    assert_eq!(verdict, Verdict::Keep);
    assert!(reason.contains("a signal of the control chart"), "{reason}");
}

#[test]
fn a_rule_is_kept_where_the_intervals_part_before_there_are_limits() {
    // Ten releases before are too few for limits. Mean 0.5, 95 % from 0.425 to 0.575;
    // since then 0.1 each.
    let (verdict, reason) = judged(&wavy(10), &[0.1, 0.1, 0.1, 0.1, 0.1]);
    assert_eq!(verdict, Verdict::Keep);
    assert!(reason.contains("over all items"), "{reason}");
    let few = judge(&releases(&wavy(10), &[0.1; 5]), Bound::NonNegative);
    assert!(matches!(
        few.chart,
        Xmr::TooFew {
            found: 10,
            needed: 14
        }
    ));
}

#[test]
fn a_rule_is_kept_where_the_matched_items_alone_fare_better() {
    let mut all = releases(&wavy(10), &wavy(6));
    for one in all.iter_mut().filter(|one| one.is_since) {
        one.matched = Some(0.1);
    }
    let effect = judge(&all, Bound::NonNegative);
    assert_eq!(effect.verdict, Verdict::Keep);
    assert!(
        effect.reason.contains("over the matched items"),
        "{}",
        effect.reason
    );
}

#[test]
fn releases_without_a_bad_item_are_no_proof_where_they_have_few_items() {
    // 50 bad of 100 before, 40 to 60 %. Since then none, without any spread: 0 of 5 is
    // 0 to 43 %, which reaches into it; 0 of 100 is 0 to 3.7 %.
    let with = |count: u64| {
        let mut all = releases(&wavy(10), &[0.0; 5]);
        for one in &mut all {
            let tally = match one.is_since {
                true => (0, count),
                false => (if one.all < 0.5 { 4 } else { 6 }, 10),
            };
            (one.matched_tally, one.all_tally) = (Some(tally), Some(tally));
        }
        judge(&all, Bound::NonNegative).verdict
    };
    assert_eq!(with(1), Verdict::TooEarly);
    assert_eq!(with(20), Verdict::Keep);
}

#[test]
fn a_rule_is_retired_where_the_outcome_rose() {
    // The limit is 0.5 + 2.66 × 0.2 = 1.032; the mean moving range of the 14 is 0.2.
    let (verdict, reason) = judged(&wavy(14), &[1.1]);
    assert_eq!(verdict, Verdict::Retire);
    assert!(reason.contains("rose"), "{reason}");
}

#[test]
fn with_few_releases_it_is_too_early_and_the_page_says_how_many_are_enough() {
    for since in 0..8 {
        let (verdict, reason) = judged(&wavy(14), &wavy(since));
        assert_eq!(verdict, Verdict::TooEarly, "{since}");
        assert!(reason.contains("8 are enough"), "{reason}");
    }
}

#[test]
fn signs_that_contradict_each_other_settle_nothing() {
    // Above the upper limit of 1.032 once, then eight in a row below the centre.
    let since = [1.1, 0.49, 0.49, 0.49, 0.49, 0.49, 0.49, 0.49, 0.49];
    let (verdict, reason) = judged(&wavy(14), &since);
    assert_eq!(verdict, Verdict::TooEarly);
    assert!(
        reason.contains("fell by one sign and rose by another"),
        "{reason}"
    );
}

#[test]
fn after_eight_releases_without_improvement_a_rule_is_retired_with_its_reason() {
    let mut all = releases(&wavy(14), &wavy(8));
    let told = |all: &[Observed]| {
        let effect = judge(all, Bound::NonNegative);
        assert_eq!(effect.verdict, Verdict::Retire, "{}", effect.reason);
        effect.reason
    };
    assert!(told(&all).contains("fare as well as the others"));
    let mut spread = |matched: fn(f64) -> f64| {
        for one in all.iter_mut().filter(|one| one.is_since) {
            one.unmatched = Some(matched(one.all));
        }
        told(&all)
    };
    assert!(spread(|all| all - 0.2).contains("the action does not help"));
    assert!(spread(|all| all + 0.2).contains("fare better than the others"));
    for one in all.iter_mut().skip(18) {
        one.unmatched = None;
    }
    assert!(told(&all).contains("too few of them"));
}

#[test]
fn without_a_release_nothing_is_said_but_that_it_is_too_early() {
    let (verdict, reason) = judged(&[], &[]);
    assert_eq!(verdict, Verdict::TooEarly);
    assert!(reason.starts_with("0 releases"), "{reason}");
}
