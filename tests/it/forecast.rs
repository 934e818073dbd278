//! Forecasts beside the golden case: past ones are what a run of their day would have
//! made, what would be differs from what is, and the pages tell the marts.

use serde_json::Value;

use crate::errors::assert_failure;
use crate::sample::sample_project;
use crate::support::golden::Case;
use crate::support::{Project, Table, read_text};

/// The project of the golden case, whose weeks are all alike, computed.
fn exact_weeks() -> Project {
    let cases = Case::all();
    let case = cases
        .iter()
        .find(|case| case.name == "forecast_exact_weeks");
    case.expect("the case is there").project().computed()
}

/// The sample data with as many trials of a past forecast as of a present one.
fn sample_with_equal_trials() -> Project {
    let project = sample_project();
    let path = project.path("plimsoll.toml");
    let text = read_text(&path) + "\n[forecast]\ntrials = 300\npast_trials = 300\n";
    project.write("plimsoll.toml", text);
    project
}

const TOLD: &str = "release_id, state, basis, remaining_count, active_weeks, corrected_by, \
    p50_on, p85_on, p95_on, planned_chance";

#[test]
fn a_past_forecast_is_what_a_run_of_its_day_makes() {
    let project = sample_with_equal_trials();
    let batch = project.batch();
    assert_eq!(batch.code, Some(0), "{}", batch.stderr);
    let days = ["2025-11-03", "2026-03-02", "2026-06-29"];
    let kept: Vec<Table> = days
        .iter()
        .map(|day| {
            let sql = format!(
                "select {TOLD} from forecast_history \
                 where made_on = date '{day}' order by release_id"
            );
            project.query(&sql)
        })
        .collect();
    for (day, kept) in days.iter().zip(kept) {
        let as_of = format!("{day}T00:00:00");
        let finished = project.plimsoll(&["compute", "--as-of", &as_of]);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        let sql = format!(
            "select {TOLD} from release_forecasts \
             where remaining_count > 0 order by release_id"
        );
        let made = project.query(&sql);
        assert!(made.records().count() > 5, "{day}: nothing was forecast");
        assert_eq!(kept.to_csv(), made.to_csv(), "{day}");
    }
}

fn told(project: &Project, arguments: &[&str]) -> Value {
    let arguments = [&["forecast", "--format", "json"], arguments].concat();
    let finished = project.plimsoll(&arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    serde_json::from_str(&finished.stdout).expect("it is JSON")
}

#[test]
fn without_an_item_a_release_is_done_a_week_earlier() {
    // Ada does one item a week: three are done on 22 March, two on the 15th.
    let project = exact_weeks();
    let before = project.tree("lake/marts");
    let told = told(&project, &["Second", "--without", "A-10"]);
    let release = &told["releases"][0];
    assert_eq!(release["present"]["days"][1], "2026-03-22");
    assert_eq!(release["what_if"]["days"][1], "2026-03-15");
    assert_eq!(release["what_if"]["planned_chance"], 1.0);
    assert_eq!(told["releases"].as_array().map(Vec::len), Some(1));
    assert!(before == project.tree("lake/marts"), "the marts changed");
}

#[test]
fn a_forecast_is_told_as_text_and_as_lines() {
    let project = exact_weeks();
    let finished = project.plimsoll(&["forecast"]);
    for text in [
        "Second (R2): 85 %: by 22 Mar 2026; planned 20 Mar 2026",
        "no forecast: too few active weeks: 3 of 5",
        "no forecast: nothing delivered in 8 weeks by Dix",
    ] {
        assert!(
            finished.stdout.contains(text),
            "{text}: {}",
            finished.stdout
        );
    }
    let finished = project.plimsoll(&[
        "forecast",
        "R3",
        "--freeze",
        "2026-03-09",
        "--format",
        "csv",
    ]);
    let table = Table::parse(&finished.stdout);
    let scenarios: Vec<&str> = table.records().map(|row| row.text("scenario")).collect();
    assert_eq!(scenarios, ["present", "what_if"]);
}

#[test]
fn what_cannot_be_forecast_is_an_error_with_the_nearest_name() {
    let project = exact_weeks();
    for (arguments, expected) in [
        (
            &["Secnd"][..],
            ["cannot forecast `Secnd`", "did you mean `Second`?"],
        ),
        (
            &["Harbour"][..],
            ["cannot forecast `H`", "found one that is over"],
        ),
        (
            &["R2", "--without", "B-17"][..],
            ["cannot forecast without `B-17`", "found it in `R3`"],
        ),
        (
            &["--without", "A-01"][..],
            [
                "cannot forecast without `A-01`",
                "found it in none, or done",
            ],
        ),
        (
            &["--without", "A-99"][..],
            ["found no such item", "did you mean `A-"],
        ),
        (
            &["--freeze", "soon"][..],
            ["cannot read the freeze", "found `soon`"],
        ),
    ] {
        let finished = project.plimsoll(&[&["forecast"], arguments].concat());
        assert_failure(&finished, 2, &expected);
    }
}

#[test]
fn the_pages_tell_what_the_marts_say() {
    let project = exact_weeks();
    let batch = project.batch();
    assert_eq!(batch.code, Some(0), "{}", batch.stderr);
    let page = read_text(&project.path("site/forecasts.html"));
    for text in [
        "22 Mar 2026",
        "too few active weeks: 3 of 5",
        "200 trials of seed 1",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let page = read_text(&project.path("site/calibration.html"));
    assert!(page.contains("2 weeks before"));
    let page = read_text(&project.path("site/releases/second.html"));
    assert!(page.contains("85 %: by 22 Mar 2026; planned 20 Mar 2026"));
}
