//! Intervals against exact laws and another implementation, and on too little.

use super::*;
use crate::statistics::assert_close;

const ACTUAL: [f64; 12] = [
    12.0, 30.0, 7.0, 44.0, 21.0, 9.0, 60.0, 15.0, 33.0, 18.0, 25.0, 11.0,
];
const PLANNED: [f64; 12] = [
    10.0, 20.0, 8.0, 30.0, 24.0, 8.0, 32.0, 16.0, 30.0, 20.0, 18.0, 12.0,
];

fn pairs() -> Vec<(f64, f64)> {
    ACTUAL.into_iter().zip(PLANNED).collect()
}

// The law of a resampled median of nine is known: it is at most the kth value
// when five or more of nine draws are, P(Bin(9, k / 9) >= 5).
// python3 -c "from scipy.stats import binom;
//   print([binom.sf(4,9,k/9) for k in range(1,10)])" gives 0.0014, 0.0304,
// 0.1448, 0.3655, 0.6345, 0.8552, 0.9696, 0.9986, 1: at 0.015 the second value
// and at 0.985 the eighth are far from their neighbours.
#[test]
fn the_resampled_median_follows_its_exact_law() {
    let values: Vec<f64> = (1..=9).map(f64::from).collect();
    let replicates = resample(&values, 20_260_706, median);
    assert_eq!(replicates.len(), RESAMPLES);
    assert_eq!(quantiles(&replicates, [0.015, 0.985]), Some([2.0, 8.0]));
    for (value, expected) in [(1.0, 0.0014), (2.0, 0.0304), (3.0, 0.1448), (5.0, 0.6345)] {
        let at_most = replicates.iter().filter(|x| **x <= value).count();
        let share = at_most as f64 / RESAMPLES as f64;
        // Four standard errors of 4,000 draws.
        assert!((share - expected).abs() < 0.032, "{value}: {share}");
    }
}

// P(Bin(11, k / 11) >= 6) is 0.0072 at 2 and 0.0512 at 3, 0.9488 at 8 and
// 0.9928 at 9 (scipy.stats.binom.sf(5, 11, k / 11)): the interval at 95 % goes
// from the third value to the ninth.
#[test]
fn the_interval_of_a_median_is_the_one_its_law_gives() {
    let values = [5.0, 30.0, 8.0, 13.0, 2.0, 21.0, 3.0, 55.0, 1.0, 34.0, 89.0];
    let found = bootstrap_median(&values, 1).expect("eleven values");
    assert_eq!(found.estimate, 13.0);
    assert_eq!((found.interval.lower, found.interval.upper), (3.0, 34.0));
    assert_eq!((found.count, found.resamples), (11, RESAMPLES));
}

// python3 -c "import numpy as np; from scipy.stats import bootstrap
// a=[12,30,7,44,21,9,60,15,33,18,25,11]; p=[10,20,8,30,24,8,32,16,30,20,18,12]
// r=lambda x,y,axis=-1: np.sum(x,axis=axis)/np.sum(y,axis=axis)
// print(bootstrap((a,p),r,n_resamples=400000,method='BCa',paired=True,
//   rng=np.random.default_rng(7),batch=20000).confidence_interval)"
// gives 1.0650, 1.5194; the percentile interval would be 1.0306, 1.4679. The
// tolerance is what 4,000 resamples leave open.
#[test]
fn the_interval_of_a_ratio_agrees_with_scipy() {
    for seed in [1, 2, 3] {
        let found = bootstrap_ratio(&pairs(), seed).expect("twelve pairs");
        assert_close(found.estimate, 1.25);
        assert!((found.interval.lower - 1.0650).abs() < 0.015, "{found:?}");
        assert!((found.interval.upper - 1.5194).abs() < 0.025, "{found:?}");
    }
}

// python3 -c "import numpy as np; a=np.array([12.,30,..]); p=np.array([10.,20,..])
// j=np.array([(a.sum()-a[i])/(p.sum()-p[i]) for i in range(12)]); u=j.mean()-j
// print((u**3).sum()/(6*(u**2).sum()**1.5))"
#[test]
fn the_acceleration_is_that_of_the_jackknife() {
    let found = jackknife_acceleration(&pairs(), ratio);
    assert_close(found, 0.06994292552171995);
    assert_eq!(jackknife_acceleration(&[(2.0, 1.0); 6], ratio), 0.0);
}

// python3 -c "from scipy.stats import norm
// for b,c in [(.5,0.),(.52,.03),(.41,-.02),(.6,.08)]:
//   z=norm.ppf(b); print([norm.cdf(z+(z+e)/(1-c*(z+e))) for e in norm.ppf([.025,.975])])"
#[test]
fn the_levels_of_bca_agree_with_scipy() {
    for (below, acceleration, lower, upper) in [
        (0.5, 0.0, 0.025, 0.975),
        (0.52, 0.03, 0.03953011651923066, 0.9857112893880634),
        (0.41, -0.02, 0.005949315699364135, 0.9260317429154031),
        (0.6, 0.08, 0.10596851893871978, 0.9983741280070882),
    ] {
        let [found_lower, found_upper] = bca_levels(below, acceleration);
        assert_close(found_lower, lower);
        assert_close(found_upper, upper);
    }
    assert_eq!(bca_levels(0.0, 0.1), ENDS);
    assert_eq!(bca_levels(1.0, 0.1), ENDS);
}

#[test]
fn the_same_seed_gives_the_same_interval_and_another_one_another() {
    let draw = |seed| bootstrap_ratio(&pairs(), seed);
    assert_eq!(draw(42), draw(42));
    assert_ne!(draw(42), draw(43));
}

#[test]
fn too_few_values_have_no_interval() {
    assert_eq!(bootstrap_median(&[1.0, 2.0, 3.0, 4.0], 1), None);
    assert_eq!(bootstrap_median(&[1.0, 2.0, 3.0, 4.0, f64::NAN], 1), None);
    assert!(bootstrap_median(&[1.0, 2.0, 3.0, 4.0, 5.0], 1).is_some());
    assert_eq!(bootstrap_ratio(&pairs()[..4], 1), None);
}

#[test]
fn nothing_planned_has_no_ratio() {
    assert_eq!(bootstrap_ratio(&[(3.0, 0.0); 9], 1), None);
}

// Two of six pairs have a plan: a resample misses both with probability
// (4/6)^6 = 0.088, some 351 of 4,000.
#[test]
fn resamples_without_the_figure_are_left_out_and_counted() {
    let mut pairs = [(1.0, 0.0); 6];
    pairs[0].1 = 2.0;
    pairs[1].1 = 2.0;
    let found = bootstrap_ratio(&pairs, 5).expect("six pairs");
    let left_out = RESAMPLES - found.resamples;
    assert!((270..=430).contains(&left_out), "{left_out}");
}

#[test]
fn equal_values_leave_no_room() {
    let found = bootstrap_median(&[7.5; 8], 3).expect("eight values");
    assert_eq!((found.interval.lower, found.interval.upper), (7.5, 7.5));
    let found = bootstrap_ratio(&[(3.0, 2.0); 8], 3).expect("eight pairs");
    assert_eq!((found.interval.lower, found.interval.upper), (1.5, 1.5));
}
