//! Variation and the words around it over all their cases.

use super::super::doubt::Failures;
use super::*;

fn quarter() -> Quarter {
    Quarter::parse("2026-Q2").expect("it is one")
}

fn no_rows() -> Spreads {
    Spreads::load(&empty_rows(), &[], chrono_tz::UTC).expect("there is nothing to read")
}

fn empty_rows() -> Rows {
    let schema = arrow::datatypes::Schema::empty();
    Rows::new(
        "measure_rows",
        arrow::array::RecordBatch::new_empty(schema.into()),
    )
}

/// A share of n in this quarter, the last one and the one a year ago.
fn share(now: (i64, i64), last: (i64, i64), year: (i64, i64)) -> Vec<QuarterPoint> {
    let point = |before: u32, (numerator, denominator): (i64, i64)| QuarterPoint {
        quarter: quarter().before(before),
        #[allow(clippy::cast_precision_loss, reason = "small numbers of a test")]
        value: (denominator > 0).then(|| numerator as f64 / denominator as f64),
        numerator: Some(numerator),
        denominator,
        provisional: 0,
    };
    vec![point(4, year), point(1, last), point(0, now)]
}

fn judged(measure: &str, series: Vec<QuarterPoint>, target: Option<f64>) -> QuarterMeasure {
    let definition = DEFINITIONS
        .iter()
        .find(|definition| definition.measure == measure)
        .expect("it exists");
    judge(definition, series, &quarter(), &no_rows(), None, target)
}

#[test]
fn a_change_is_a_signal_where_the_intervals_part_and_noise_elsewhere() {
    // Wilson, 95 %: 90 of 100 is 0.83–0.94, 50 of 100 is 0.40–0.60, 80 of 100 is
    // 0.71–0.87, 99 of 100 is 0.95–1.00.
    for (now, last, year, text, note) in [
        ((90, 100), (80, 100), (85, 100), "● Routine", ""),
        (
            (90, 100),
            (50, 100),
            (85, 100),
            "◆ Signal: better",
            "than Q1 2026",
        ),
        (
            (50, 100),
            (90, 100),
            (55, 100),
            "◆ Signal: worse",
            "than Q1 2026",
        ),
        (
            (90, 100),
            (85, 100),
            (50, 100),
            "◆ Signal: better",
            "than Q2 2025",
        ),
        (
            (90, 100),
            (50, 100),
            (50, 100),
            "◆ Signal: better",
            "than Q1 2026 and Q2 2025",
        ),
        (
            (80, 100),
            (50, 100),
            (99, 100),
            "◆ Signal: better",
            "than Q1 2026, worse than Q2 2025",
        ),
    ] {
        let found = judged("success_rate", share(now, last, year), None);
        assert_eq!(found.variation.text, text, "{now:?} {last:?} {year:?}");
        assert_eq!(found.variation_note, note);
        assert!(found.is_judged);
    }
}

#[test]
fn which_way_is_better_depends_on_the_measure() {
    let series = || share((90, 100), (50, 100), (85, 100));
    let found = judged("rework_rate", series(), None);
    assert_eq!(found.variation, Tag::new("bad", "◆ Signal: worse"));
    let found = judged("success_rate", series(), None);
    assert_eq!(found.variation, Tag::new("good", "◆ Signal: better"));
}

#[test]
fn what_cannot_be_judged_says_why_and_is_never_called_routine() {
    let thin = judged("success_rate", share((4, 4), (50, 100), (50, 100)), None);
    assert_eq!(thin.variation.text, "n < 5 deployments");
    assert_eq!(thin.now, "4 of 4");
    assert!(thin.is_grey && !thin.is_judged);

    let none = judged("success_rate", share((0, 0), (50, 100), (50, 100)), None);
    assert_eq!(none.variation.text, "no deployments in the quarter");
    assert_eq!(none.now, "—");

    let alone = judged("success_rate", share((90, 100), (0, 0), (2, 3)), None);
    assert_eq!(alone.variation.text, "nothing to compare with");

    let mut open = share((90, 100), (50, 100), (50, 100));
    open[2].provisional = 3;
    let open = judged("success_rate", open, None);
    assert_eq!(open.variation.text, "provisional: 3 still open");

    let instant = judged("aging_past_p85", share((9, 60), (4, 47), (5, 26)), None);
    assert_eq!(instant.variation.text, "not judged: one day's count");
    assert_eq!(instant.label, "Items past the 85% pace, at quarter's end");
}

#[test]
fn a_source_that_stopped_shows_no_figure() {
    let definition = &DEFINITIONS[3];
    let stale = Tag::new("warn", "Source stale: deployments");
    let series = share((90, 100), (50, 100), (50, 100));
    let found = judge(
        definition,
        series,
        &quarter(),
        &no_rows(),
        Some(stale.clone()),
        Some(0.95),
    );
    assert_eq!((found.now.as_str(), found.interval), ("—", None));
    assert_eq!(found.variation, stale);
    assert_eq!(found.assurance, "Cannot tell: too few rows");
}

#[test]
fn a_target_is_held_against_the_quarters_own_interval() {
    // 76 of 100: 0.67–0.83.
    let series = || share((76, 100), (80, 100), (96, 100));
    let found = judged("success_rate", series(), Some(0.95));
    assert_eq!(found.assurance, "Missed, beyond chance");
    assert_eq!(found.assurance_note, "met in 1 of 3");
    assert_eq!(found.target_text, "95%");
    assert!(found.is_failing);
    let found = judged("success_rate", series(), Some(0.6));
    assert_eq!(found.assurance, "Met, beyond chance");
    let found = judged("rework_rate", series(), Some(0.6));
    assert_eq!(found.assurance, "Missed, beyond chance");
    let found = judged("success_rate", series(), None);
    assert_eq!(found.assurance, "No target set");
    assert_eq!(found.assurance_note, "");
}

#[test]
fn with_fourteen_quarters_before_it_the_usual_range_answers() {
    // 14 quarters of 0.80 and 0.82 in turn: mean 0.81, mean moving range 0.02, so the
    // usual range is 0.81 ± 2.66 × 0.02 = 0.757–0.863.
    let point = |before: u32| QuarterPoint {
        quarter: quarter().before(before),
        value: Some(if before.is_multiple_of(2) { 0.82 } else { 0.80 }),
        numerator: Some(82),
        denominator: 100,
        provisional: 0,
    };
    let series: Vec<QuarterPoint> = (0..15).rev().map(point).collect();
    for (target, expected) in [
        (0.75, "Yes, reliably"),
        (0.87, "No, not without change"),
        (0.80, "Hit and miss: inside the usual range"),
    ] {
        let found = judged("success_rate", series.clone(), Some(target));
        assert_eq!(found.assurance, expected, "{target}");
    }
    let shifted: Vec<QuarterPoint> = series
        .into_iter()
        .enumerate()
        .map(|(place, point)| QuarterPoint {
            value: point
                .value
                .map(|value| if place < 7 { value - 0.01 } else { 0.83 }),
            ..point
        })
        .collect();
    let found = judged("success_rate", shifted, Some(0.75));
    assert_eq!(found.assurance, "Limits out of date: it has shifted");
}

#[test]
fn every_measure_of_the_page_can_have_a_target_and_no_other_can() {
    let measures = DEFINITIONS.iter().map(|definition| {
        let is_share = definition.unit == crate::report::measures::Unit::Share;
        (definition.measure, is_share)
    });
    assert!(measures.eq(crate::config::TARGET_MEASURES));
}

#[test]
fn each_figure_says_what_it_rests_on() {
    let point = |value: f64, numerator: Option<i64>, denominator: i64| QuarterPoint {
        quarter: quarter(),
        value: Some(value),
        numerator,
        denominator,
        provisional: 0,
    };
    for (measure, point, basis, is_few) in [
        (
            "pipeline_failure_rate",
            point(0.14, Some(58), 414),
            "58 of 414",
            false,
        ),
        ("cycle_time_p85", point(63.0, None, 80), "n = 80", false),
        ("recovery_hours", point(18.0, None, 3), "n = 3", true),
        ("success_rate", point(0.75, Some(3), 4), "", true),
        ("items_delivered", point(80.0, Some(80), 80), "", false),
        ("aging_past_p85", point(9.0, Some(9), 60), "of 60", false),
        (
            "deployment_days",
            point(26.0 / 12.0, None, 12),
            "a week (26 days in 12 whole weeks)",
            false,
        ),
    ] {
        let found = judged(measure, vec![point], None);
        assert_eq!(
            (found.now_basis.as_str(), found.now_is_few),
            (basis, is_few),
            "{measure}"
        );
    }
}

#[test]
fn success_says_how_far_it_rests_on_attribution() {
    let mut found = judged("success_rate", share((15, 20), (10, 20), (10, 20)), None);
    let failures = Failures {
        judged: 20,
        failed: 5,
        failed_explicit: 3,
    };
    found.add_doubt(
        &quarter(),
        &Doubt([("2026-Q2".to_owned(), failures)].into()),
    );
    assert_eq!(found.now_basis, "15 of 20 (to 85%)");
    assert_eq!(found.last_quarter_basis, "10 of 20");
}
