//! What a message says of a cell, a file and an encoding: in the words of what was
//! declared, and short enough to be read.

use std::os::unix::fs::symlink;

use super::{fails_after, replace};
use crate::support::{Project, read_text};

/// Maps the date of incidents by a form of its own.
fn with_form(project: &Project, form: &str, first: &str) {
    let text = read_text(&project.path("plimsoll.toml"));
    let columns =
        format!("[sources.columns]\nopened_at = {{ from = \"at\", format = \"{form}\" }}\n");
    project.write("plimsoll.toml", format!("{text}{columns}"));
    project.write(
        "exports/incidents.csv",
        format!("incident_id;at\nI1;{first}\n").replace(';', ","),
    );
}

#[test]
fn a_date_is_expected_in_the_form_that_is_declared() {
    fails_after(
        |project| with_form(project, "%d/%m/%Y %H:%M", "2026-03-02T10:00:00Z"),
        1,
        &[
            "expected an instant of 1970 to 2100 as `%d/%m/%Y %H:%M` such as 06/07/2026 09:30, found `2026-03-02T10:00:00Z`",
        ],
    );
    fails_after(
        |project| with_form(project, "epoch_ms", "yesterday"),
        1,
        &["as milliseconds since 1970 such as 1783330200000, found `yesterday`"],
    );
}

#[test]
fn a_weekday_that_is_not_that_of_the_date_is_told_with_the_right_one() {
    fails_after(
        |project| with_form(project, "%a %d %b %Y", "Sun 6 Jul 2026"),
        1,
        &["expected the weekday of that date, Monday, found `Sun 6 Jul 2026`"],
    );
}

#[test]
fn what_lies_at_a_path_and_is_no_file_is_named() {
    let file = "exports/incidents.csv";
    let without = |project: &Project| {
        std::fs::remove_file(project.path(file)).expect("it is there");
        project.path(file)
    };
    fails_after(
        |project| std::fs::create_dir(without(project)).expect("it can be made"),
        2,
        &[
            "source `incidents`",
            "expected a file at `exports/incidents.csv`, found a directory",
            "`exports/incidents.csv/*.csv`",
        ],
    );
    fails_after(
        |project| symlink("nowhere.csv", without(project)).expect("it can be linked"),
        2,
        &["expected a file at `exports/incidents.csv`, found a link that leads nowhere"],
    );
}

#[test]
fn a_wrong_encoding_is_told_in_one_line() {
    let text = format!(
        "incident_id,opened_at\n{}",
        "I1,2026-03-02T10:00:00Z\n".repeat(500)
    );
    fails_after(
        |project| {
            project.write("exports/incidents.csv", &text);
            declare(project, "encoding = \"utf-16\"");
        },
        2,
        &["UTF-8 text, declared as UTF-16", "the encoding looks wrong"],
    );
    fails_after(
        |project| {
            project.write(
                "exports/incidents.csv",
                b"incident_id,opened_at,summary\nI1,2026-03-02T10:00:00Z,Z\xfcrich\n",
            )
        },
        1,
        &[
            "expected UTF-8 text",
            "the encoding looks wrong",
            "windows-1252",
        ],
    );
    let long = "x".repeat(5_000);
    let project = super::small_project();
    replace(
        &project,
        "exports/incidents.csv",
        "2026-03-03T10:00:00Z",
        &long,
    );
    let finished = project.batch();
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    let longest = finished.stderr.lines().map(str::len).max();
    assert!(longest < Some(400), "{}", finished.stderr);
}

/// Adds words to the source of the incidents, the last of the file.
fn declare(project: &Project, words: &str) {
    let text = read_text(&project.path("plimsoll.toml"));
    project.write("plimsoll.toml", format!("{text}{words}\n"));
}

#[test]
fn utf8_that_is_read_as_single_bytes_is_warned_of() {
    let project = super::small_project();
    replace(
        &project,
        "exports/incidents.csv",
        "Slow search",
        "Zürich is slow",
    );
    let warning = "warning: exports/incidents.csv: read as windows-1252";
    assert!(!project.batch().stderr.contains("warning"));
    declare(&project, "encoding = \"latin-1\"");
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(finished.stderr.contains(warning), "{}", finished.stderr);
}

#[test]
fn a_separator_that_is_not_declared_is_one_problem() {
    fails_after(
        |project| {
            let text = read_text(&project.path("exports/incidents.csv"));
            project.write("exports/incidents.csv", text.replace(',', ";"));
            declare(
                project,
                "[sources.columns]\nincident_id = \"incident_id\"\nopened_at = \"opened_at\"",
            );
        },
        2,
        &[
            "found one, `incident_id;opened_at;system;summary`",
            "declare `separator = \";\"`",
        ],
    );
}

#[test]
fn the_separator_line_of_a_spreadsheet_is_no_header() {
    let project = super::small_project();
    let text = read_text(&project.path("exports/incidents.csv"));
    project.write("exports/incidents.csv", format!("sep=,\n{text}"));
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let found = project.query("select incident_id, source_line from incidents");
    assert_eq!(found.rows.len(), 3);
    assert_eq!(found.rows[0], ["I1", "3"]);
    fails_after(
        |project| project.write("exports/incidents.csv", format!("sep=;\n{text}")),
        2,
        &[
            "expected the separator `,`, found `sep=;`",
            "declare `separator = \";\"`",
        ],
    );
}

#[test]
fn an_id_with_a_nul_in_it_is_set_aside() {
    fails_after(
        |project| replace(project, "exports/incidents.csv", "I2", "I\x002"),
        1,
        &[
            "line 3, column `incident_id`",
            "expected an id without NUL characters, found `I␀2`",
        ],
    );
}

#[test]
fn a_member_that_an_object_has_twice_is_warned_of() {
    let project = super::small_project();
    replace(
        &project,
        "plimsoll.toml",
        "exports/incidents.csv",
        "exports/incidents.ndjson",
    );
    let row = r#"{"incident_id":"I1","opened_at":"2026-03-02T10:00:00Z","opened_at":"2026-03-03T10:00:00Z"}"#;
    project.write("exports/incidents.ndjson", row);
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let warning =
        "1 record names a member of one object twice, such as `opened_at`; the last one was read";
    assert!(finished.stderr.contains(warning), "{}", finished.stderr);
}

#[test]
fn an_as_of_before_all_data_is_warned_of() {
    let project = super::small_project();
    let finished = project.plimsoll(&["run", "--as-of", "2020-01-01"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let warning = "warning: The as-of, 2020-01-01T00:00:00Z, lies before all data, which begin at 2026-03-02T09:00:00Z";
    assert!(finished.stderr.contains(warning), "{}", finished.stderr);
}

#[test]
fn a_query_is_one_select_and_says_when_there_are_no_marts() {
    let project = super::small_project();
    replace(
        &project,
        "exports/incidents.csv",
        "2026-03-03",
        "2026-02-30",
    );
    assert_eq!(project.batch().code, Some(1));
    replace(
        &project,
        "exports/incidents.csv",
        "2026-02-30",
        "2026-03-03",
    );
    let finished = project.plimsoll(&["pull"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let finished = project.plimsoll(&["ingest"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let finished = project.plimsoll(&["query", "select * from cycle_time"]);
    super::assert_failure(&finished, 2, &["there are no marts yet"]);
    assert!(!finished.stderr.contains("sqlite"), "{}", finished.stderr);
    for sql in ["copy (select 1) to 'out.csv'", "select 1; select 2"] {
        let finished = project.plimsoll(&["query", sql]);
        super::assert_failure(&finished, 2, &["expected one SELECT", "hint: "]);
    }
    assert!(!project.path("out.csv").exists());
}

#[test]
fn a_misspelt_section_is_one_problem() {
    let project = super::small_project();
    let text = read_text(&project.path("plimsoll.toml"));
    project.write("plimsoll.toml", text.replace("[[sources]]", "[[source]]"));
    let finished = project.batch();
    super::assert_failure(&finished, 2, &["did you mean `[[sources]]`?"]);
    assert!(!finished.stderr.contains("problems"), "{}", finished.stderr);
}

#[test]
fn a_word_of_the_configuration_that_is_refused_comes_with_a_hint() {
    let wrong = [
        (
            "time_zone = \"UTC\"",
            "time_zone = \"London\"",
            "did you mean `Europe/London`?",
        ),
        ("time_zone = \"UTC\"", "time_zone = \"Nowhere\"", "IANA"),
        (
            "as_of = \"2026-04-01T00:00:00Z\"",
            "as_of = \"1 April\"",
            "write year, month, day",
        ),
        (
            "table = \"incidents\"",
            "table = \"incidents\"\nencoding = \"ansi-x\"",
            "windows-1252",
        ),
        (
            "table = \"incidents\"",
            "table = \"incidents\"\nformat = \"xlsx\"",
            "exported as CSV",
        ),
    ];
    for (from, to, hint) in wrong {
        fails_after(
            |project| replace(project, "plimsoll.toml", from, to),
            2,
            &[hint],
        );
    }
    let columns = [
        ("opened_at = { from = \"a\", format = \"%Q\" }", "%Y %m %d"),
        (
            "summary = { from = \"a\", extract = \"(\" }",
            "single quotes",
        ),
    ];
    for (column, hint) in columns {
        fails_after(
            |project| declare(project, &format!("[sources.columns]\n{column}")),
            2,
            &[hint],
        );
    }
    fails_after(
        |project| declare(project, "[ingest]\nmax_reject_share = 5"),
        2,
        &["0.01 lets one row of a hundred"],
    );
}
