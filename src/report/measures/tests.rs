//! Readings and sentences over all their cases.

use chrono::TimeDelta;

use super::*;
use crate::report::changes::{Findings, describe_changes};

/// The values of a quiet baseline: mean 10, moving range 2.
fn quiet(weeks: usize) -> Vec<Option<f64>> {
    (0..weeks)
        .map(|week| Some(if week % 2 == 0 { 9.0 } else { 11.0 }))
        .collect()
}

fn series(values: &[Option<f64>], denominator: i64) -> Vec<Point> {
    let monday = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a Monday");
    let point = |(week, value): (i64, &Option<f64>)| Point {
        week_start: monday + TimeDelta::weeks(week),
        value: *value,
        numerator: Some(2),
        denominator,
        provisional: 0,
    };
    (0..).zip(values).map(point).collect()
}

fn named(measure: &str) -> &'static Definition {
    DEFINITIONS
        .iter()
        .find(|d| d.measure == measure)
        .expect("it exists")
}

fn judge(measure: &str, values: &[Option<f64>], denominator: i64) -> Measure {
    named(measure).judge(series(values, denominator), None)
}

fn with_last(last: f64) -> Vec<Option<f64>> {
    let mut values = quiet(25);
    values.push(Some(last));
    values
}

#[test]
fn a_week_is_judged_against_the_weeks_before_it() {
    // Mean 25 values 9, 11, …, 9 = 9.96, mean moving range 2: 9.96 ± 5.32.
    let found = judge("items_delivered", &with_last(15.0), 15);
    assert_eq!(found.usual_range, "4.6–15");
    assert!(!found.is_signal);
    assert_eq!(found.reading, Tag::new("none", "No signal"));
    let found = judge("items_delivered", &with_last(15.5), 15);
    assert_eq!(found.reading, Tag::new("good", "▲ Above limit"));
    let found = judge("items_delivered", &with_last(4.0), 4);
    assert_eq!(found.reading, Tag::new("bad", "▼ Below limit"));
}

#[test]
fn which_way_is_better_depends_on_the_measure() {
    for (measure, above, below) in [
        ("cycle_time_p85", "bad", "good"),
        ("items_delivered", "good", "bad"),
        ("deployment_count", "good", "bad"),
        ("success_rate", "good", "bad"),
        ("aging_past_p85", "bad", "good"),
        ("scope_after_freeze", "bad", "good"),
        ("estimation_error", "bad", "good"),
        ("pipeline_failure_rate", "bad", "good"),
    ] {
        assert_eq!(
            judge(measure, &with_last(30.0), 50).reading.class,
            above,
            "{measure}"
        );
        assert_eq!(
            judge(measure, &with_last(0.5), 50).reading.class,
            below,
            "{measure}"
        );
    }
}

#[test]
fn eight_weeks_on_one_side_are_a_shift_and_are_counted() {
    let mut values = quiet(18);
    values.extend([Some(10.5); 9]);
    let found = judge("items_delivered", &values, 10);
    assert!(found.is_signal);
    assert!(
        found
            .rules
            .iter()
            .any(|rule| rule.ends_with("weeks in a row above the mean")),
        "{:?}",
        found.rules
    );
}

#[test]
fn fewer_than_five_rows_are_grey_and_no_trend() {
    let found = judge("success_rate", &with_last(0.5), 4);
    assert!(found.is_grey && !found.is_signal);
    assert_eq!(found.this_week, "2 of 4");
    assert_eq!(found.change, "too few to compare");
    assert_eq!(found.reading.text, "n < 5 deployments");
    assert_eq!(
        (found.usual_range.as_str(), found.sparkline.as_str()),
        ("—", "")
    );
}

#[test]
fn weeks_of_fewer_than_five_are_no_ground_for_a_usual_range() {
    let mut thin = series(&with_last(0.5), 4);
    if let Some(last) = thin.last_mut() {
        last.denominator = 20;
    }
    let found = named("success_rate").judge(thin, None);
    assert!(!found.is_grey && !found.is_signal);
    assert_eq!(found.reading.text, "too few weeks with n ≥ 5: 0 of 14");
    assert_eq!(found.usual_range, "—");
    // Of 26 weeks, 11 before the last rest on five: as estimates of small teams do.
    let mut mixed = series(&with_last(0.5), 5);
    for point in mixed.iter_mut().take(14) {
        point.denominator = 4;
    }
    let found = named("estimation_error").judge(mixed, None);
    assert_eq!(found.reading.text, "too few weeks with n ≥ 5: 11 of 14");
    // Counts are whole populations, however small.
    let found = judge("items_delivered", &with_last(12.0), 1);
    assert_eq!(found.reading.text, "No signal");
}

#[test]
fn a_figure_says_what_it_rests_on() {
    let mut values = series(&with_last(0.285_7), 42);
    if let Some(last) = values.last_mut() {
        last.numerator = Some(12);
    }
    let found = named("pipeline_failure_rate").judge(values, None);
    assert_eq!(found.this_week_basis.as_deref(), Some("12 of 42"));
    let found = judge("cycle_time_p85", &with_last(61.0), 9);
    assert_eq!(found.this_week_basis.as_deref(), Some("n = 9"));
    let found = judge("aging_past_p85", &with_last(7.0), 53);
    assert_eq!(found.this_week_basis.as_deref(), Some("of 53"));
    let found = judge("items_delivered", &with_last(9.0), 9);
    assert_eq!(found.this_week_basis, None);
    // "2 of 4" says it already.
    assert_eq!(
        judge("success_rate", &with_last(0.5), 4).this_week_basis,
        None
    );
}

#[test]
fn the_change_is_that_of_the_figures_as_read() {
    let mut values = quiet(24);
    values.extend([Some(75.74), Some(61.25)]);
    let found = judge("cycle_time_p85", &values, 9);
    assert_eq!(
        (
            found.this_week.as_str(),
            found.last_week.as_str(),
            found.change.as_str()
        ),
        ("61 days", "76 days", "−15 days")
    );
}

#[test]
fn a_short_history_has_no_limits() {
    let found = judge("items_delivered", &quiet(14), 10);
    assert_eq!(found.reading.text, "too few weeks: 13 of 14");
    assert_eq!(found.usual_range, "—");
}

#[test]
fn a_week_without_rows_is_missing_and_not_zero() {
    let mut values = quiet(25);
    values.push(None);
    let found = judge("pipeline_failure_rate", &values, 0);
    assert_eq!(found.this_week, "—");
    assert_eq!(found.reading.text, "no runs this week");
}

#[test]
fn a_table_that_nobody_feeds_is_named() {
    let feeds = Feeds {
        is_fed: &|table| table != "incidents",
        is_stale: &|_| false,
    };
    let definition = named("success_rate");
    let found = definition.judge(Vec::new(), definition.obstacle(&feeds));
    assert_eq!(found.reading.text, "no data: feed `incidents`");
    assert_eq!(
        (found.this_week.as_str(), found.change.as_str()),
        ("—", "—")
    );
}

#[test]
fn signals_for_the_worse_come_first() {
    let measures = [
        judge("items_delivered", &with_last(30.0), 30),
        judge("cycle_time_p85", &with_last(30.0), 30),
        judge("estimation_error", &with_last(10.0), 30),
    ];
    let changes = describe_changes(&measures, &Findings::default());
    let tags: Vec<_> = changes
        .iter()
        .map(|change| change.tag.text.as_str())
        .collect();
    // A move that is noise has no place beside signals.
    assert_eq!(tags, ["▲ Worse: signal", "▲ Better: signal"]);
    assert_eq!(
        changes[0].text,
        "Cycle time, 85th percentile rose from 9 days to 30 days (n = 30): beyond the upper limit (usual range 4.6–15)."
    );
}

#[test]
fn a_quiet_week_says_so_and_names_the_largest_move() {
    let measures = [judge("items_delivered", &with_last(12.0), 12)];
    let changes = describe_changes(&measures, &Findings::default());
    assert_eq!(
        changes[0].text,
        "No signals this week: 1 of 1 metric could be judged, and each is inside its usual range."
    );
    assert_eq!(
        changes[1].text,
        "Items delivered rose from 9 to 12. That is within its usual range of 4.6–15: no reason to act."
    );
}

#[test]
fn without_history_nothing_is_claimed() {
    let changes = describe_changes(
        &[judge("items_delivered", &quiet(3), 9)],
        &Findings::default(),
    );
    assert_eq!(changes.len(), 1);
    assert!(
        changes[0].text.starts_with("No metric has enough weeks"),
        "{}",
        changes[0].text
    );
}

#[test]
fn a_stale_source_shows_nothing_rather_than_zero() {
    let feeds = Feeds {
        is_fed: &|_| true,
        is_stale: &|table| table == "deployments",
    };
    let definition = named("deployment_count");
    let mut values = quiet(25);
    values.push(Some(0.0));
    let found = definition.judge(series(&values, 0), definition.obstacle(&feeds));
    assert_eq!(found.reading, Tag::new("warn", "Source stale: deployments"));
    assert_eq!(
        (found.this_week.as_str(), found.change.as_str()),
        ("—", "—")
    );
    assert!(!found.is_signal);
}

#[test]
fn a_week_whose_windows_are_open_is_provisional_and_no_signal() {
    let mut values = series(&with_last(30.0), 30);
    if let Some(last) = values.last_mut() {
        last.provisional = 3;
    }
    let found = named("success_rate").judge(values, None);
    assert!(!found.is_signal);
    assert_eq!(
        found.reading.text,
        "provisional: 3 within the incident window"
    );
}
