//! Limits against another implementation, signals by hand, degenerate series.

use super::*;
use crate::statistics::assert_close;

/// Centre 50.29, sigma 2.59: lines at 42.51, 45.10, 47.69 | 52.88, 55.47, 58.06.
const BASELINE: [f64; 14] = [
    52.0, 47.0, 53.0, 51.0, 50.0, 49.0, 54.0, 48.0, 50.0, 52.0, 49.0, 51.0, 50.0, 48.0,
];

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn chart(values: &[Option<f64>], baseline: Range<usize>, bound: Bound) -> XmrChart {
    match xmr(values, baseline, bound) {
        Xmr::Chart(chart) => chart,
        Xmr::TooFew { found, needed } => panic!("{found} of {needed} baseline values"),
    }
}

/// The chart of the baseline followed by `later`, limits from the baseline.
fn chart_followed_by(later: &[f64]) -> XmrChart {
    let values = [&BASELINE, later].concat();
    chart(&some(&values), 0..14, Bound::NonNegative)
}

/// Positions after the baseline that carry the signal.
fn marked(chart: &XmrChart, rule: Rule, side: Side) -> Vec<usize> {
    let points = chart.points.iter().enumerate().skip(14);
    points
        .filter(|(_, point)| point.signals.contains(&Signal { rule, side }))
        .map(|(position, _)| position - 14)
        .collect()
}

fn signal_count(chart: &XmrChart) -> usize {
    chart.points.iter().map(|point| point.signals.len()).sum()
}

// python3 -c "import numpy as np; x=[52,47,53,51,50,49,54,48,50,52,49,51,50,48];
//   m=np.mean(x); r=np.mean(np.abs(np.diff(x)));
//   print(m, r, r/1.128, m-2.66*r, m+2.66*r, 3.268*r)"
#[test]
fn the_limits_agree_with_numpy() {
    let found = chart(&some(&BASELINE), 0..14, Bound::NonNegative);
    assert_eq!(found.baseline_count, 14);
    assert_close(found.centre, 50.285714285714285);
    assert_close(found.mean_moving_range, 2.923076923076923);
    assert_close(found.sigma, 2.5913802509547192);
    assert_close(
        found.lower_limit.expect("it is positive"),
        42.51032967032967,
    );
    assert_close(found.upper_limit, 58.0610989010989);
    assert_close(found.moving_range_limit, 9.552615384615384);
    assert_eq!(signal_count(&found), 0);
}

#[test]
fn limits_stay_with_the_baseline_whatever_comes_later() {
    let calm = chart_followed_by(&[50.0, 50.0]);
    let wild = chart_followed_by(&[500.0, 0.0]);
    assert_eq!(calm.upper_limit, wild.upper_limit);
    assert_eq!(calm.lower_limit, wild.lower_limit);
}

#[test]
fn a_value_beyond_a_limit_is_a_signal() {
    let found = chart_followed_by(&[58.1, 50.0, 42.5, 50.0]);
    assert_eq!(marked(&found, Rule::BeyondLimit, Side::Above), [0]);
    assert_eq!(marked(&found, Rule::BeyondLimit, Side::Below), [2]);
    assert_eq!(signal_count(&found), 2);
}

// 58.0 is inside 58.06; a limit rounded to whole numbers would say the same,
// but one rounded to 58.0 or a 2.6 in place of 2.66 would not: 57.89.
#[test]
fn a_value_just_inside_an_unrounded_limit_is_none() {
    let found = chart_followed_by(&[58.05, 50.0, 42.52, 50.0]);
    assert_eq!(signal_count(&found), 0);
}

#[test]
fn two_of_three_beyond_two_sigma_marks_the_two() {
    let found = chart_followed_by(&[55.5, 50.0, 56.0, 50.0]);
    let two = marked(&found, Rule::TwoOfThreeBeyondTwoSigma, Side::Above);
    assert_eq!(two, [0, 2]);
    assert_eq!(signal_count(&found), 2);
}

#[test]
fn two_beyond_two_sigma_on_two_sides_are_no_signal() {
    assert_eq!(signal_count(&chart_followed_by(&[55.5, 45.0, 50.0])), 0);
}

#[test]
fn two_beyond_two_sigma_three_apart_are_no_signal() {
    assert_eq!(
        signal_count(&chart_followed_by(&[55.5, 50.0, 50.0, 55.5])),
        0
    );
}

#[test]
fn four_of_five_beyond_one_sigma_marks_the_four() {
    let found = chart_followed_by(&[47.6, 47.0, 50.0, 47.0, 47.6, 52.0]);
    let four = marked(&found, Rule::FourOfFiveBeyondOneSigma, Side::Below);
    assert_eq!(four, [0, 1, 3, 4]);
    assert_eq!(signal_count(&found), 4);
}

// The baseline ends with 48, below the centre; it does not join the run.
#[test]
fn eight_on_one_side_marks_all_eight() {
    let found = chart_followed_by(&[51.0, 52.0, 51.0, 52.0, 51.0, 52.0, 51.0, 51.0, 50.0]);
    let eight = marked(&found, Rule::EightOnOneSide, Side::Above);
    assert_eq!(eight, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(signal_count(&found), 8);
}

#[test]
fn a_longer_run_is_marked_to_its_end_and_seven_are_none() {
    let nine = chart_followed_by(&[51.0; 9]);
    assert_eq!(marked(&nine, Rule::EightOnOneSide, Side::Above).len(), 9);
    assert_eq!(signal_count(&chart_followed_by(&[51.0; 7])), 0);
}

// python3 -c "import numpy as np; y=[3,1,4,1,5,2,0,3,2,4,1,3,2,5,0,2];
//   m=np.mean(y); r=np.mean(np.abs(np.diff(y))); print(m, r, m-2.66*r, m+2.66*r)"
const COUNTS: [f64; 16] = [
    3.0, 1.0, 4.0, 1.0, 5.0, 2.0, 0.0, 3.0, 2.0, 4.0, 1.0, 3.0, 2.0, 5.0, 0.0, 2.0,
];

#[test]
fn a_lower_limit_below_zero_is_drawn_only_for_what_can_be_negative() {
    let counts = chart(&some(&COUNTS), 0..16, Bound::NonNegative);
    assert_eq!(counts.lower_limit, None);
    assert_close(counts.upper_limit, 9.291);
    let differences = chart(&some(&COUNTS), 0..16, Bound::Unbounded);
    assert_close(differences.lower_limit.expect("it is drawn"), -4.541);
}

// Centre 2.375, sigma 2.305: zero lies beyond one sigma below (0.07).
#[test]
fn without_a_lower_limit_its_zones_are_off_and_the_run_of_eight_is_not() {
    let values = [&COUNTS[..], &[0.0; 8]].concat();
    let counts = chart(&some(&values), 0..16, Bound::NonNegative);
    let rules: Vec<Rule> = counts
        .points
        .iter()
        .flat_map(|point| point.signals.iter().map(|signal| signal.rule))
        .collect();
    assert!(rules.iter().all(|&rule| rule == Rule::EightOnOneSide));
    // The two values before the eight zeros, 0 and 2, are below as well.
    assert_eq!(rules.len(), 10);
    let differences = chart(&some(&values), 0..16, Bound::Unbounded);
    let last = &differences.points[23].signals;
    assert!(
        last.iter()
            .any(|signal| signal.rule == Rule::FourOfFiveBeyondOneSigma)
    );
}

#[test]
fn thirteen_baseline_values_are_too_few() {
    let found = xmr(&some(&BASELINE), 0..13, Bound::NonNegative);
    assert_eq!(
        found,
        Xmr::TooFew {
            found: 13,
            needed: 14
        }
    );
    let nothing = xmr(&[], 0..0, Bound::NonNegative);
    assert_eq!(
        nothing,
        Xmr::TooFew {
            found: 0,
            needed: 14
        }
    );
}

#[test]
fn a_gap_does_not_count_towards_the_baseline() {
    let mut values = some(&BASELINE);
    values[5] = None;
    values[6] = Some(f64::NAN);
    let found = xmr(&values, 0..14, Bound::NonNegative);
    assert_eq!(
        found,
        Xmr::TooFew {
            found: 12,
            needed: 14
        }
    );
}

#[test]
fn a_baseline_outside_the_series_is_cut_to_it() {
    let values = some(&BASELINE);
    assert_eq!(
        xmr(&values, 0..99, Bound::NonNegative),
        xmr(&values, 0..14, Bound::NonNegative)
    );
    let outside = xmr(&values, 50..99, Bound::NonNegative);
    assert_eq!(
        outside,
        Xmr::TooFew {
            found: 0,
            needed: 14
        }
    );
}

#[test]
fn a_gap_is_skipped_so_its_neighbours_touch() {
    let mut values = some(&BASELINE);
    values.insert(7, None);
    let found = chart(&values, 0..15, Bound::NonNegative);
    assert_close(found.mean_moving_range, 2.923076923076923);
    assert_eq!(found.points.len(), 15);
    assert_eq!(found.points[7].value, None);
    assert_eq!(found.points[7].moving_range, None);
    assert_eq!(found.points[8].moving_range, Some(6.0));
}

#[test]
fn a_run_goes_on_across_a_gap() {
    let mut values = some(&BASELINE);
    values.extend([Some(51.0); 4]);
    values.push(None);
    values.extend([Some(51.0); 4]);
    let found = chart(&values, 0..14, Bound::NonNegative);
    let run = marked(&found, Rule::EightOnOneSide, Side::Above);
    assert_eq!(run, [0, 1, 2, 3, 5, 6, 7, 8]);
}

#[test]
fn the_first_value_has_no_moving_range_and_a_leap_is_beyond_its_limit() {
    let found = chart_followed_by(&[57.6, 48.0]);
    assert_eq!(found.points[0].moving_range, None);
    assert!(found.points[14].is_range_beyond_limit);
    assert_close(found.points[14].moving_range.expect("not the first"), 9.6);
    let calm = chart_followed_by(&[57.5]);
    assert!(!calm.points[14].is_range_beyond_limit);
}

// A plain sum of fourteen tenths over fourteen is not a tenth.
#[test]
fn a_flat_series_has_no_signals() {
    for value in [0.1, 1.0 / 3.0, 50.285714285714285, 0.0] {
        let found = chart(&some(&[value; 20]), 0..14, Bound::NonNegative);
        assert_eq!(found.centre, value);
        assert_eq!(found.mean_moving_range, 0.0);
        assert_eq!(signal_count(&found), 0);
    }
}

#[test]
fn the_first_change_after_a_flat_baseline_is_beyond_the_limit() {
    let values = [&[2.0; 14][..], &[3.0]].concat();
    let found = chart(&some(&values), 0..14, Bound::NonNegative);
    assert_eq!(marked(&found, Rule::BeyondLimit, Side::Above), [0]);
}

// For two normal values the mean range is d2 = 2 / sqrt(pi) standard deviations
// and the range's own deviation d3 = sqrt(2 - 4 / pi).
// python3 -c "from math import *; from scipy.integrate import quad
// from scipy.stats import norm as n
// e=quad(lambda x: 1-n.cdf(x)**2-n.sf(x)**2,-12,12)[0]; d3=sqrt(2-e*e)
// print(e, d3, 3/e, 1+3*d3/e)" gives 1.1283791670955126, 0.8525024664,
// 2.6586807764, 3.2665; the field's tables round d2 to 1.128 and D4 to 3.268.
#[test]
fn the_constants_are_those_of_normal_values_as_the_tables_round_them() {
    let d2 = 2.0 / std::f64::consts::PI.sqrt();
    let d3 = (2.0 - d2 * d2).sqrt();
    for (constant, exact) in [
        (RANGE_PER_SIGMA, d2),
        (LIMIT_FACTOR, 3.0 / d2),
        (RANGE_LIMIT_FACTOR, 1.0 + 3.0 * d3 / d2),
    ] {
        assert!((constant - exact).abs() < 0.002, "{constant} for {exact}");
    }
}
