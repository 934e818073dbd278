//! The life of a rule beside the golden case: decisions by command and by hand, what
//! they do to the next run, what is refused, and the page that shows them.

use serde_json::Value;

use crate::errors::assert_failure;
use crate::support::golden::Case;
use crate::support::{Project, read_text};

/// The project of the golden case on accepted rules, computed.
fn accepted_rules() -> Project {
    let cases = Case::all();
    let case = cases.iter().find(|case| case.name == "rules_accepted");
    case.expect("the case is there").project().computed()
}

/// Decides at an instant that the case's as-of sees.
fn decide(project: &Project, arguments: &[&str]) {
    let at = ["--at", "2026-06-20T00:00:00Z"];
    let finished = project.plimsoll(&[&["rules"], arguments, &at].concat());
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

/// Returns the verdicts of the gate, by item.
fn verdicts(project: &Project) -> Vec<(String, String)> {
    let finished = project.compute();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let sql = "select subject_id, verdict from gate_results order by subject_id";
    let rows = project.query(sql);
    let records = rows.records();
    records
        .map(|row| (row.text("subject_id").into(), row.text("verdict").into()))
        .collect()
}

#[test]
fn what_is_accepted_by_command_holds_in_the_next_run_and_what_is_retired_does_not() {
    let project = accepted_rules();
    let before = read_text(&project.path("rules.toml"));
    decide(
        &project,
        &[
            "accept",
            "crew.beacon.incident",
            "--force",
            "--why",
            "It came to that",
            "--by",
            "Ann",
        ],
    );
    let found = verdicts(&project);
    let of = |item: &str| {
        found
            .iter()
            .find(|(id, _)| id == item)
            .map(|(_, verdict)| verdict.as_str())
    };
    assert_eq!(of("C"), Some("fail"), "Beacon has no sign-off either");
    decide(
        &project,
        &["retire", "hours.16.age", "--why", "Nothing became better"],
    );
    let found = verdicts(&project);
    let of = |item: &str| {
        found
            .iter()
            .find(|(id, _)| id == item)
            .map(|(_, verdict)| verdict.as_str())
    };
    assert_eq!(
        of("A"),
        Some("pass"),
        "its sign-off is there, nothing holds it"
    );
    // Two entries more, and not a byte of the others less.
    let after = read_text(&project.path("rules.toml"));
    let missing: Vec<&str> = before
        .lines()
        .filter(|line| !after.contains(line))
        .collect();
    assert_eq!(missing, [""; 0]);
    assert_eq!(
        after.matches("[[rule]]").count(),
        before.matches("[[rule]]").count() + 2
    );
    assert!(after.contains("forced = true"), "{after}");
    let log =
        project.query("select count(*) as found from rule_log where rule_id = 'hours.16.age'");
    assert_eq!(
        log.records().next().and_then(|row| row.number("found")),
        Some(2.0)
    );
}

#[test]
fn what_cannot_be_decided_is_refused_and_leaves_the_file_as_it_was() {
    let project = accepted_rules();
    let before = read_text(&project.path("rules.toml"));
    let why = ["--why", "because"];
    for (arguments, texts) in [
        (
            vec!["accept", "hours.17.age"],
            ["found none", "did you mean `hours.1"],
        ),
        (
            vec!["accept", "hours.16.age"],
            ["accepted since", "decided so already"],
        ),
        (
            vec!["reject", "hours.16.age"],
            ["accepted since", "plimsoll rules retire"],
        ),
        (
            vec!["accept", "crew.beacon.incident"],
            ["rejected since", "--force"],
        ),
        (
            vec!["retire", "crew.beacon.incident"],
            ["expected a rule that is accepted", "nothing to end"],
        ),
        (
            vec!["retire", "hours.16.age", "--at", "2026-05-31T00:00:00Z"],
            ["after the last decision", "found 2026-05-31"],
        ),
        (
            vec!["retire", "hours.16.age", "--at", "2999-01-01T00:00:00Z"],
            ["an instant that has come", "found 2999"],
        ),
    ] {
        let finished = project.plimsoll(&[&["rules"], &arguments[..], &why].concat());
        assert_failure(&finished, 2, &texts);
    }
    let finished = project.plimsoll(&["rules", "retire", "hours.16.age", "--why", " "]);
    assert_failure(
        &finished,
        2,
        &["expected a reason, found a blank", "hint: "],
    );
    assert_eq!(read_text(&project.path("rules.toml")), before);
}

#[test]
fn a_decision_written_by_hand_wrongly_is_told_with_its_line_and_leaves_the_marts_alone() {
    let project = accepted_rules();
    let text = read_text(&project.path("rules.toml"));
    project.write(
        "rules.toml",
        text.replacen("\"accepted\"", "\"acepted\"", 1),
    );
    let before = project.tree("lake/marts");
    for command in ["check", "compute"] {
        let texts = ["`rules.toml` line 5: `state`", "did you mean `accepted`?"];
        assert_failure(&project.plimsoll(&[command]), 2, &texts);
    }
    assert!(before == project.tree("lake/marts"), "the marts changed");
}

#[test]
fn a_decision_that_the_configured_as_of_does_not_see_is_said_to_be_so() {
    let project = accepted_rules();
    let arguments = ["rules", "retire", "hours.16.age", "--why", "No better"];
    let finished = project.plimsoll(&arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(
        finished.stdout.contains("retired hours.16.age"),
        "{}",
        finished.stdout
    );
    assert!(
        finished.stderr.contains("does not see this decision"),
        "{}",
        finished.stderr
    );
    let found = verdicts(&project);
    assert!(
        found.contains(&("A".into(), "fail".into())),
        "it still holds as of 1 July"
    );
}

#[test]
fn the_list_has_what_is_decided_in_every_format_and_all_that_was_tried_on_request() {
    let project = accepted_rules();
    let list = |arguments: &[&str]| {
        let finished = project.plimsoll(&[&["rules", "list"], arguments].concat());
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        finished.stdout
    };
    let rules: Value = serde_json::from_str(&list(&["--format", "json"])).expect("it is JSON");
    let rules = rules.as_array().map(Vec::as_slice).unwrap_or_default();
    let state = |id: &str| {
        let mut found = rules.iter().filter(|rule| rule["rule_id"] == id);
        found
            .next()
            .map(|rule| rule["state"].clone())
            .unwrap_or_default()
    };
    assert_eq!(state("hours.16.age"), "accepted");
    assert_eq!(state("hours.8.age"), "retired");
    assert_eq!(state("gone.1.age"), "accepted (its template is gone)");
    let csv = list(&["--format", "csv"]);
    assert_eq!(csv.lines().count(), rules.len() + 1, "{csv}");
    assert!(list(&["--all", "--format", "csv"]).lines().count() >= csv.lines().count());
    assert!(list(&[]).contains("crew.beacon.incident"));
}

#[test]
fn the_page_shows_each_decision_with_its_reason() {
    let project = accepted_rules();
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let page: Value =
        serde_json::from_str(&read_text(&project.path("site/rules.json"))).expect("it is JSON");
    let kept = page["kept"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    assert_eq!(kept.len(), 6, "five in force, one retired");
    let gone = kept.iter().find(|rule| rule["rule_id"] == "gone.1.age");
    let words = gone
        .and_then(|rule| rule["template"].as_str())
        .unwrap_or_default();
    assert!(words.contains("is gone"), "{words}");
    let rejected = page["rejected"]["rows"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0][2]["text"], "Beacon has a new build");
    let answer = page["answer"].as_str().unwrap_or_default();
    assert!(answer.ends_with("; 5 in force"), "{answer}");
    let scores = read_text(&project.path("site/portfolio.html"));
    assert!(scores.contains("changed by rule exposed.2.incident"));
}
