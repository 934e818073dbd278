//! The survival curve against another implementation, and on degenerate input.

use super::*;
use crate::statistics::assert_close;

const DURATIONS: [f64; 12] = [1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0, 8.0, 9.0, 12.0, 15.0];
const ENDED: [u8; 12] = [1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0];

fn observe(durations: &[f64], ended: &[u8]) -> Vec<Observation> {
    let pairs = durations.iter().zip(ended);
    pairs
        .map(|(&duration, &ended)| Observation {
            duration,
            is_ended: ended == 1,
        })
        .collect()
}

fn curve(durations: &[f64], ended: &[u8]) -> SurvivalCurve {
    kaplan_meier(&observe(durations, ended)).expect("there are observations")
}

// python3 -c "from lifelines import KaplanMeierFitter as K;
//   k=K().fit([1,2,2,3,4,4,5,6,8,9,12,15],[1,1,0,1,1,1,0,1,1,0,1,0]);
//   print(k.event_table, k.survival_function_, k.confidence_interval_)"
// columns: time, at risk, ended, survival, lower, upper
const LIFELINES: [(f64, usize, usize, f64, f64, f64); 10] = [
    (
        1.0,
        12,
        1,
        0.9166666666666667,
        0.5389771805707405,
        0.9878255654004581,
    ),
    (
        2.0,
        11,
        1,
        0.8333333333333335,
        0.48171494219537864,
        0.955509365728065,
    ),
    (
        3.0,
        9,
        1,
        0.7407407407407406,
        0.39067612760778186,
        0.9086238694040617,
    ),
    (
        4.0,
        8,
        2,
        0.5555555555555555,
        0.23690020773318007,
        0.7867014663875915,
    ),
    (
        5.0,
        6,
        0,
        0.5555555555555555,
        0.23690020773318007,
        0.7867014663875915,
    ),
    (
        6.0,
        5,
        1,
        0.4444444444444444,
        0.151409822296475,
        0.7058499692798322,
    ),
    (
        8.0,
        4,
        1,
        0.33333333333333337,
        0.08486087400580412,
        0.6130623337263245,
    ),
    (
        9.0,
        3,
        0,
        0.33333333333333337,
        0.08486087400580412,
        0.6130623337263245,
    ),
    (
        12.0,
        2,
        1,
        0.16666666666666669,
        0.01121193606531346,
        0.4892469181441143,
    ),
    (
        15.0,
        1,
        0,
        0.16666666666666669,
        0.01121193606531346,
        0.4892469181441143,
    ),
];

#[test]
fn the_curve_and_its_interval_agree_with_lifelines() {
    let found = curve(&DURATIONS, &ENDED);
    assert_eq!((found.count, found.ended), (12, 8));
    assert_eq!(found.steps.len(), LIFELINES.len());
    for (step, expected) in found.steps.iter().zip(LIFELINES) {
        let (at, at_risk, ended, survival, lower, upper) = expected;
        assert_eq!((step.at, step.at_risk, step.ended), (at, at_risk, ended));
        assert_close(step.survival, survival);
        let interval = step.interval.expect("survival lies between 0 and 1");
        assert_close(interval.lower, lower);
        assert_close(interval.upper, upper);
    }
}

// python3 -c "... [k.percentile(1-p) for p in (.25,.5,.7,.85,.95)]" gives
// 3, 6, 12, inf, inf; median_survival_times(k.confidence_interval_) gives 2, 12.
#[test]
fn quantiles_agree_with_lifelines_and_are_none_where_the_curve_does_not_reach() {
    let found = curve(&DURATIONS, &ENDED);
    let times = [0.25, 0.5, 0.7, 0.85, 0.95].map(|share| found.quantile(share));
    assert_eq!(times, [Some(3.0), Some(6.0), Some(12.0), None, None]);
    assert_eq!(found.quantile_bounds(0.5), (Some(2.0), Some(12.0)));
}

#[test]
fn the_order_of_observations_does_not_matter() {
    let mut reversed = observe(&DURATIONS, &ENDED);
    reversed.reverse();
    assert_eq!(kaplan_meier(&reversed), Some(curve(&DURATIONS, &ENDED)));
}

#[test]
fn without_censoring_survival_is_the_share_that_lasts_longer() {
    let found = curve(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1; 5]);
    let survivals: Vec<f64> = found.steps.iter().map(|step| step.survival).collect();
    for (found, expected) in survivals.into_iter().zip([0.8, 0.6, 0.4, 0.2, 0.0]) {
        assert_close(found, expected);
    }
    assert_eq!(found.median(), Some(3.0));
    assert_eq!(found.quantile(1.0), Some(5.0));
}

// 1 - 1/10 six times over is 0.4 only up to rounding; the 60 % quantile is the
// sixth of ten values all the same.
#[test]
fn a_level_reached_up_to_rounding_is_reached() {
    let durations: Vec<f64> = (1..=10).map(f64::from).collect();
    let found = curve(&durations, &[1; 10]);
    for (tenth, expected) in (1..=10).zip(durations) {
        assert_eq!(found.quantile(f64::from(tenth) / 10.0), Some(expected));
    }
}

#[test]
fn nothing_has_no_curve() {
    assert_eq!(kaplan_meier(&[]), None);
    assert_eq!(kaplan_meier(&observe(&[f64::NAN, -1.0], &[1, 1])), None);
}

#[test]
fn impossible_durations_are_left_out() {
    let found = curve(&[f64::NAN, -0.5, 2.0, f64::INFINITY], &[1, 1, 1, 0]);
    assert_eq!((found.count, found.ended), (1, 1));
}

#[test]
fn one_ended_observation_is_its_own_median() {
    let found = curve(&[4.5], &[1]);
    assert_eq!(found.median(), Some(4.5));
    assert_eq!(found.steps[0].interval, None);
}

#[test]
fn one_open_observation_has_no_median() {
    let found = curve(&[4.5], &[0]);
    assert_eq!(found.median(), None);
    assert_eq!(found.steps[0].survival, 1.0);
}

#[test]
fn when_all_are_censored_the_curve_stays_at_one() {
    let found = curve(&[1.0, 2.0, 3.0], &[0; 3]);
    assert!(found.steps.iter().all(|step| step.survival == 1.0));
    assert_eq!(found.quantile_bounds(0.5), (None, None));
}

#[test]
fn equal_durations_are_one_step() {
    let found = curve(&[2.0; 6], &[1, 1, 1, 1, 0, 0]);
    assert_eq!(found.steps.len(), 1);
    assert_close(found.steps[0].survival, 2.0 / 6.0);
    assert_eq!(found.median(), Some(2.0));
    assert_eq!(found.quantile(0.85), None);
}

#[test]
fn a_share_outside_zero_to_one_is_refused() {
    let found = curve(&DURATIONS, &ENDED);
    assert_eq!(found.quantile(1.5), None);
    assert_eq!(found.quantile(f64::NAN), None);
}

// python3 -c "from statsmodels.duration.survfunc import SurvfuncRight as S
// s=S([1,2,2,3,4,4,5,6,8,9,12,15],[1,1,0,1,1,1,0,1,1,0,1,0])
// print([s.quantile_ci(p,method='cloglog') for p in (.25,.5,.7,.85)])"
// gives (1, 6), (2, 12), (4, inf), (8, inf).
#[test]
fn bounds_of_quantiles_agree_with_statsmodels() {
    let found = curve(&DURATIONS, &ENDED);
    for (share, lower, upper) in [
        (0.25, Some(1.0), Some(6.0)),
        (0.5, Some(2.0), Some(12.0)),
        (0.7, Some(4.0), None),
        (0.85, Some(8.0), None),
    ] {
        assert_eq!(found.quantile_bounds(share), (lower, upper), "{share}");
    }
}

// Where the last one ends the curve is 0 and its variance undefined: lifelines
// and statsmodels let the band end at 15 as well; R's survfit leaves it NA, and
// so does this one: a band nobody has computed bounds nothing.
#[test]
fn the_band_ends_where_the_last_one_ends() {
    let mut ended = ENDED;
    ended[11] = 1;
    let found = curve(&DURATIONS, &ended);
    let last = found.steps[9];
    assert_eq!((last.survival, last.interval), (0.0, None));
    assert_eq!(found.quantile(0.85), Some(15.0));
    assert_eq!(found.quantile_bounds(0.7), (Some(4.0), None));
}

#[test]
fn the_level_at_a_time_is_that_of_the_step_before_it() {
    let found = curve(&DURATIONS, &ENDED);
    let at = |time| found.survival_at(time).map(|(share, _)| share);
    assert_eq!(at(0.0), Some(1.0));
    assert_eq!(at(0.9), Some(1.0));
    assert_close(at(7.9).expect("within the curve"), 0.4444444444444444);
    assert_close(at(8.0).expect("within the curve"), 0.33333333333333337);
    assert_eq!((at(15.1), at(-1.0), at(f64::NAN)), (None, None, None));
    let (_, interval) = found.survival_at(8.0).expect("within the curve");
    assert_close(interval.expect("between 0 and 1").upper, 0.6130623337263245);
    let all_ended = curve(&[1.0, 2.0], &[1, 1]);
    assert_eq!(all_ended.survival_at(99.0), Some((0.0, None)));
}
