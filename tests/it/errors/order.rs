//! Commands out of order, commands that do not exist, and readers that go away.

use super::{FORM, assert_failure, small_project};

#[test]
fn a_stage_before_its_turn_names_the_one_to_run_first() {
    let project = small_project();
    for (command, first) in [
        ("ingest", "plimsoll pull"),
        ("compute", "plimsoll ingest"),
        ("publish", "plimsoll render"),
    ] {
        let finished = project.plimsoll(&[command]);
        assert_failure(&finished, 2, &FORM);
        assert_failure(&finished, 2, &[first]);
    }
    let finished = project.plimsoll(&["query", "select 1 as one"]);
    assert_failure(&finished, 2, &["plimsoll ingest"]);
}

#[test]
fn an_as_of_that_is_no_instant_is_shown() {
    let project = small_project().computed();
    let finished = project.plimsoll(&["compute", "--as-of", "yesterday"]);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    for text in [
        "error: cannot read the as-of",
        "expected an instant",
        "`yesterday`",
    ] {
        assert!(finished.stderr.contains(text), "{}", finished.stderr);
    }
}

#[test]
fn a_command_that_does_not_exist_is_a_wrong_use() {
    let finished = small_project().plimsoll(&["pubish"]);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    assert!(finished.stderr.contains("publish"), "{}", finished.stderr);
    assert_eq!(finished.stdout, "");
}

#[test]
fn a_reader_that_has_gone_away_is_no_failure() {
    let project = small_project().computed();
    let many = "select range as number, repeat('x', 200) as text from range(20000)";
    for arguments in [
        ["query", many, "--format", "csv"].as_slice(),
        ["query", many, "--format", "table"].as_slice(),
        ["query", many, "--format", "json"].as_slice(),
        ["--help"].as_slice(),
        ["check"].as_slice(),
    ] {
        let finished = project.plimsoll_into_closed_pipe(arguments);
        assert_eq!(finished.code, Some(0), "{arguments:?}\n{}", finished.stderr);
        assert!(!finished.stderr.contains("panicked"), "{}", finished.stderr);
    }
}

#[test]
fn a_quiet_run_says_nothing_and_a_json_log_is_json() {
    let project = small_project();
    assert_eq!(project.plimsoll(&["pull", "--quiet"]).stderr, "");
    let finished = project.plimsoll(&["ingest", "--log-format", "json"]);
    let line: serde_json::Value =
        serde_json::from_str(finished.stderr.trim()).expect("the line is JSON");
    assert_eq!(line["stage"], "ingest");
}
