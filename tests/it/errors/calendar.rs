//! What can be wrong with a calendar file: said before anything is read, line by line.

use super::{assert_failure, small_project};
use crate::support::Project;

/// Returns a small project with a calendar file.
fn project_with(file: &str, text: &str, more: &str) -> Project {
    let project = small_project();
    let configuration = crate::support::read_text(&project.path("plimsoll.toml"));
    let section = format!("[calendar]\nfile = \"{file}\"\n{more}\n[[sources]]");
    project.write(
        "plimsoll.toml",
        configuration.replacen("[[sources]]", &section, 1),
    );
    project.write(file, text);
    project
}

fn refused(file: &str, text: &str, more: &str, texts: &[&str]) {
    let finished = project_with(file, text, more).plimsoll(&["check"]);
    assert_failure(&finished, 2, texts);
}

#[test]
fn every_line_of_a_calendar_that_is_none_is_told() {
    let text = "date,name,working_from,working_to\n2026-12-25,Christmas,,\n26.12.2026,Boxing Day,,\n2026-12-24,Eve,13:00,09:00\n";
    let texts = [
        "cannot read `plimsoll.toml`: 2 problems",
        "`calendar.csv` line 3: column `date`: expected a date such as 2026-12-25, found `26.12.2026`",
        "`calendar.csv` line 4: columns `working_from` and `working_to`: expected a start and a later end",
        "hint: the columns are date, name, working_from, working_to",
    ];
    refused("calendar.csv", text, "", &texts);
}

#[test]
fn an_event_that_repeats_by_a_rule_is_refused_with_its_line() {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let texts = [
        "`days.ics` line 3: ",
        "found `RRULE:FREQ=YEARLY`",
        "hint: list such days in a CSV file",
    ];
    refused("days.ics", text, "", &texts);
}

#[test]
fn two_sayings_of_one_day_are_refused() {
    let text = "date,name,working_from,working_to\n2026-12-25,Christmas,09:00,13:00\n";
    let texts = [
        "`calendar.csv` line 2: expected one say on 2026-12-25",
        "hint: list a day once",
    ];
    refused("calendar.csv", text, "holidays = [\"2026-12-25\"]", &texts);
}

#[test]
fn a_calendar_that_is_not_there_is_named() {
    let project = project_with("calendar.csv", "date\n", "");
    std::fs::remove_file(project.path("calendar.csv")).expect("it is there");
    let texts = [
        "`plimsoll.toml` line 7: `file`: expected a calendar, found no file `calendar.csv`",
        "hint: ",
    ];
    assert_failure(&project.plimsoll(&["check"]), 2, &texts);
}

#[test]
fn a_changed_calendar_is_another_configuration() {
    let project = project_with("calendar.csv", "date\n2026-12-25\n", "").computed();
    let hash = |project: &Project| {
        let text = crate::support::read_text(&project.path("lake/marts/manifest.json"));
        let manifest: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        manifest["config_sha256"].clone()
    };
    let before = hash(&project);
    project.write("calendar.csv", "date\n2026-12-26\n");
    let project = project.computed();
    assert_ne!(before, hash(&project));
}
