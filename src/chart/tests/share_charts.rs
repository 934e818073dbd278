//! Tests of what funnels, survival curves, stacked shares, calibrations and
//! small multiples say.

use super::charts::{drawing, marks, says, words};
use super::markup::attributes;
use super::samples::*;
use crate::chart::number::grouped;
use crate::chart::*;

fn frame() -> Frame {
    Frame::new("x", "Title", "Text.")
}

#[test]
fn a_funnel_names_only_teams_beyond_its_limits() {
    let svg = drawing("funnel");
    for text in ["Ledger 22%", "Checkout 18%", "Search 1%"] {
        assert!(words(&svg).contains(&text.to_owned()), "{text}");
    }
    for name in ["Payments gateway", "Mobile app", "Identity", "(no team)"] {
        assert!(!says(&svg, name), "{name}");
    }
    assert_eq!(marks(&svg, "path", "m f-bad"), 2);
    assert_eq!(marks(&svg, "path", "m f-s1"), 1);
    assert_eq!(marks(&svg, "circle", "m f-ink2"), 4);
    for label in ["All 11%", "95% limit", "99.8% limit"] {
        assert!(words(&svg).contains(&label.to_owned()), "{label}");
    }
}

// Of eight shares the greatest but one is 33%: a scale up to 37% leaves out the
// team whose only run failed.
#[test]
fn a_team_whose_only_run_failed_does_not_flatten_the_funnel() {
    let mut points = funnel_teams();
    points.push(funnel_point("Tiny", 1, 1));
    let svg = funnel(&frame(), &funnel_input(points));
    assert!(says(&svg, "▲ 1 off scale, greatest 100%"));
    assert_eq!(marks(&svg, "path", "m f-bad"), 3);
}

#[test]
fn teams_under_others_are_counted() {
    let svg = drawing("funnel, 10,000 teams");
    let drawn = svg.matches("<circle").count() + svg.matches("<path class=\"m ").count();
    let hidden = grouped((10_000 - drawn) as f64, 0);
    assert!(
        says(&svg, &format!("{hidden} marks under others")),
        "{hidden}"
    );
}

fn review(median: Option<f64>) -> SurvivalLine {
    let step = |at: f64, survival: f64, censored: usize| SurvivalPoint {
        at,
        survival,
        interval: Some((survival / 2.0, survival)),
        censored,
    };
    SurvivalLine {
        name: "Review".to_owned(),
        count: 6,
        ended: 4,
        steps: vec![
            step(1.0, 0.83, 0),
            step(2.0, 0.83, 1),
            step(4.0, 0.55, 0),
            step(6.0, 0.27, 0),
            step(7.0, 0.27, 1),
        ],
        median,
    }
}

#[test]
fn a_survival_curve_says_its_median_and_ticks_what_is_still_running() {
    let svg = survival(&frame(), &survival_input(vec![review(Some(6.0))]));
    assert!(words(&svg).contains(&"Review: 6 days, 4 of 6".to_owned()));
    assert!(says(&svg, "labels: median, ended of all"));
    assert_eq!(marks(&svg, "path", "f-s1"), 2, "the band and the median");
    let paths = attributes(&svg, "d");
    let curve = paths.iter().find(|d| d.contains('V') && !d.ends_with('z'));
    assert_eq!(curve.expect("a stepped line").matches('V').count(), 5);
    let ticks = paths.iter().find(|d| d.ends_with("v8"));
    assert_eq!(ticks.expect("ticks").matches("v8").count(), 2);
}

#[test]
fn a_median_that_is_not_reached_is_said_and_not_marked() {
    let svg = survival(&frame(), &survival_input(vec![review(None)]));
    assert!(says(&svg, "Review: not reached, 4 of 6"));
    assert_eq!(marks(&svg, "path", "f-s1"), 1, "the band alone");
}

#[test]
fn a_curve_of_fewer_than_five_is_grey_and_a_fifth_curve_is_counted() {
    let few = drawing("survival, fewer than five");
    assert!(marks(&few, "path", "k-ink2") > 0);
    assert_eq!(marks(&few, "path", "k-s1"), 0);
    let many = drawing("survival, 8 hostile curves");
    assert!(says(&many, "4 curves in the table only"));
}

#[test]
fn parts_of_a_bar_are_labelled_where_they_fit() {
    let svg = drawing("stacked shares, time in stage");
    let all = words(&svg);
    for text in ["active", "waiting", "4.2", "1.1", "0.8", "3.6", "5"] {
        assert!(all.contains(&text.to_owned()), "{text}");
    }
    assert!(!all.contains(&"0.1".to_owned()), "two pixels hold no label");
}

#[test]
fn bars_of_a_row_are_shares_of_it() {
    let mut input = stage_time_input();
    input.scale = ShareScale::OfRow;
    input.rows.truncate(1);
    input.rows[0].values = vec![Some(3.0), Some(1.0)];
    let all = words(&stacked_shares(&frame(), &input));
    for text in ["75%", "25%", "100%"] {
        assert!(all.contains(&text.to_owned()), "{text}");
    }
}

#[test]
fn unknown_parts_and_bars_beyond_the_scale_are_said() {
    let svg = drawing("stacked shares, odd values");
    assert!(says(&svg, "3 values without a number left out"));
    assert!(says(&svg, "▲ 1 off scale, greatest 400 days"));
    for text in ["12 items, 1 part unknown", "12 items, 2 parts unknown"] {
        assert!(words(&svg).contains(&text.to_owned()), "{text}");
    }
}

#[test]
fn a_calibration_keeps_the_order_of_its_bands_and_marks_what_got_worse() {
    let svg = drawing("calibration");
    let all = words(&svg);
    for text in [
        "48% → 31% · n = 34",
        "52% → 55% · n = 34",
        "61%, no correction · n = 34",
    ] {
        assert!(all.contains(&text.to_owned()), "{text}");
    }
    let place = |name: &str| all.iter().position(|text| text == name);
    assert!(place("under 1 day") < place("1 to 3 days"));
    assert!(place("1 to 3 days") < place("over 8 days"));
    assert_eq!(marks(&svg, "path", "f-bad"), 1);
    assert_eq!(marks(&svg, "circle", "f-s1"), 2);
    assert_eq!(marks(&svg, "circle", "k-ink2 hollow"), 4);
}

#[test]
fn a_multiple_says_its_latest_value_its_target_and_its_signals() {
    let svg = drawing("multiple");
    for text in ["19 days", "target 21", "Q1 23", "Q1 24", "Q1 25"] {
        assert!(words(&svg).contains(&text.to_owned()), "{text}");
    }
    assert_eq!(marks(&svg, "path", "m f-accent"), 2);
    assert_eq!(marks(&svg, "circle", "m f-s1"), 8);
    assert!(says(&drawing("multiple, percent"), "axis starts at 80%"));
}

// Quarters 1 and 2 have neighbours; 6 stands alone, 8 is few, 9 is not over.
#[test]
fn quarters_without_a_value_are_gaps() {
    let svg = drawing("multiple, gaps and a partial quarter");
    assert_eq!(marks(&svg, "path", "k-s1"), 1);
    assert_eq!(marks(&svg, "circle", "m f-s1"), 3);
    assert_eq!(marks(&svg, "circle", "m f-ink2"), 1);
    assert_eq!(marks(&svg, "circle", "m k-ink2 hollow"), 1);
}

#[test]
fn multiples_of_the_same_quarters_share_their_horizontal_axis() {
    let values = |scale: f64| -> Vec<Option<f64>> {
        (1..=12)
            .map(|index| Some(scale * f64::from(index)))
            .collect()
    };
    let places = |scale: f64, latest: &str| {
        let mut input = multiple_input(&values(scale), Unit::Count);
        input.latest = latest.to_owned();
        let frame = frame().sized(MULTIPLE_WIDTH, MULTIPLE_HEIGHT);
        attributes(&multiple(&frame, &input), "cx")
    };
    let days = places(1.0, "12");
    assert_eq!(days.len(), 12);
    assert_eq!(days, places(100.0, "1,200 items, of which many"));
}
