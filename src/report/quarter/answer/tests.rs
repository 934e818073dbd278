//! The answer over all its cases.

use super::*;
use crate::report::measures::DEFINITIONS;
use crate::report::page::Tag;

fn quarter() -> Quarter {
    Quarter::parse("2026-Q2").expect("it is one")
}

/// A measure of which only what the sentences read is told.
fn measure(name: &str, class: Option<&'static str>) -> QuarterMeasure {
    let definition = DEFINITIONS
        .iter()
        .find(|definition| definition.measure == name)
        .expect("it exists");
    QuarterMeasure {
        measure: definition.measure,
        mart: definition.mart,
        label: definition.label.to_owned(),
        now_rows: String::new(),
        last_quarter_rows: String::new(),
        year_ago_rows: String::new(),
        now: String::new(),
        last_quarter: String::new(),
        year_ago: String::new(),
        now_basis: String::new(),
        last_quarter_basis: String::new(),
        year_ago_basis: String::new(),
        now_at_most: None,
        now_is_few: false,
        last_quarter_is_few: false,
        year_ago_is_few: false,
        interval: None,
        interval_text: String::new(),
        is_grey: false,
        variation: Tag::new(class.unwrap_or("none"), ""),
        variation_note: String::new(),
        is_signal: class.is_some_and(|class| class != "none"),
        is_judged: class.is_some(),
        target: None,
        target_text: String::new(),
        assurance: String::new(),
        assurance_note: String::new(),
        is_failing: false,
        series: Vec::new(),
        definition,
    }
}

fn aimed(name: &str, is_failing: bool) -> QuarterMeasure {
    QuarterMeasure {
        target: Some(1.0),
        is_failing,
        ..measure(name, Some("none"))
    }
}

fn promise(state: &str, due_on: &str) -> Promise {
    Promise {
        id: "C-1".into(),
        customer: "Hanjin".into(),
        clause: None,
        carrier: None,
        state: state.into(),
        days_late: None,
        move_count: 0,
        due_on: due_on.parse().expect("a date"),
        planned_on: None,
        delivered_on: None,
    }
}

#[test]
fn the_headline_says_what_moved_by_more_than_chance() {
    let judged = |class| measure("success_rate", Some(class));
    let other = |class| measure("rework_rate", Some(class));
    for (measures, expected) in [
        (
            vec![measure("success_rate", None), measure("rework_rate", None)],
            "Nothing can be said of Q2 2026 yet: 0 of 2 measures could be judged.",
        ),
        (
            vec![judged("none"), measure("rework_rate", None)],
            "Nothing moved by more than chance in Q2 2026: 1 of 2 measures could be judged.",
        ),
        (
            vec![judged("good"), other("none")],
            "Q2 2026 is better in deployment success rate.",
        ),
        (
            vec![judged("none"), other("bad")],
            "Q2 2026 is worse in deployment rework rate.",
        ),
        (
            vec![judged("good"), other("bad")],
            "Q2 2026 is mixed: better in deployment success rate, and worse in deployment rework rate.",
        ),
        (
            [
                "cycle_time_p85",
                "items_delivered",
                "success_rate",
                "rework_rate",
            ]
            .map(|name| measure(name, Some("good")))
            .into(),
            "Q2 2026 is better in cycle time, 85th percentile; items delivered; deployment success rate; and 1 more.",
        ),
    ] {
        assert_eq!(movement(&measures, &quarter()), expected);
    }
}

#[test]
fn the_second_sentence_says_how_the_targets_stand() {
    for (measures, expected) in [
        (
            vec![measure("success_rate", Some("good"))],
            "No targets are set, so none can be met or missed.",
        ),
        (
            vec![aimed("success_rate", false)],
            "None of 1 target is missed beyond chance.",
        ),
        (
            vec![aimed("success_rate", true), aimed("rework_rate", false)],
            "1 of 2 targets missed beyond chance: deployment success rate.",
        ),
    ] {
        assert_eq!(targets(&measures), expected);
    }
}

#[test]
fn the_third_sentence_says_how_the_contract_dates_stand() {
    for (promises, expected) in [
        (
            vec![],
            "No contract date fell into Q2 2026; none is at risk.",
        ),
        (
            vec![promise("overdue", "2026-01-01")],
            "No contract date fell into Q2 2026; 1 is at risk.",
        ),
        (
            vec![
                promise("met", "2026-04-01"),
                promise("on_plan", "2026-07-01"),
            ],
            "1 of 1 contract date in Q2 2026 met; none is at risk.",
        ),
        (
            vec![
                promise("met", "2026-04-01"),
                promise("delivered_late", "2026-06-30"),
                promise("planned_late", "2026-08-01"),
                promise("unplanned", "2026-09-01"),
            ],
            "1 of 2 contract dates in Q2 2026 met; 2 are at risk.",
        ),
    ] {
        assert_eq!(contracts(&promises, &quarter()), expected);
    }
}

#[test]
fn without_commitments_the_answer_has_two_sentences() {
    let measures = [measure("success_rate", Some("none"))];
    assert_eq!(answer(&measures, None, &quarter()).len(), 2);
    assert_eq!(answer(&measures, Some(&[]), &quarter()).len(), 3);
}
