//! What can be wrong with an export.

use std::fs;

use super::{fails_after, replace};

#[test]
fn a_missing_file_is_named_with_its_source_and_the_nearest_name() {
    let remove = |project: &crate::support::Project| {
        let (from, to) = ("exports/incidents.csv", "exports/incident.csv");
        fs::rename(project.path(from), project.path(to)).expect("it is there");
    };
    let texts = [
        "source `incidents`",
        "`plimsoll.toml` line 11",
        "`exports/incidents.csv`",
        "did you mean `incident.csv`?",
    ];
    fails_after(remove, 2, &texts);
}

#[test]
fn a_glob_without_a_match_is_a_missing_file() {
    fails_after(
        |project| replace(project, "plimsoll.toml", "incidents.csv", "incidents-*.csv"),
        2,
        &["source `incidents`", "`exports/incidents-*.csv`"],
    );
}

#[test]
fn a_renamed_column_is_named_with_the_columns_that_are_there() {
    let texts = [
        "`exports/incidents.csv` line 1",
        "`incidents.opened_at`",
        "`Opened`",
    ];
    fails_after(
        |project| replace(project, "exports/incidents.csv", "opened_at", "Opened"),
        2,
        &texts,
    );
}

#[test]
fn a_date_that_does_not_exist_is_shown_with_its_line_and_column() {
    let texts = [
        "`exports/incidents.csv` line 3, column `opened_at`",
        "`2026-02-30T10:00:00Z`",
        "1 of 3",
        "rejects/rejects.csv",
    ];
    fails_after(
        |project| replace(project, "exports/incidents.csv", "2026-03-03", "2026-02-30"),
        1,
        &texts,
    );
}

#[test]
fn a_word_outside_an_enumeration_is_shown_with_the_words_that_are_known() {
    let texts = [
        "`exports/deployments.csv` line 3, column `result`",
        "`exploded`",
        "1 of 2",
    ];
    fails_after(
        |project| replace(project, "exports/deployments.csv", "failure", "exploded"),
        1,
        &texts,
    );
}

#[test]
fn a_header_without_rows_fails_and_says_how_to_allow_it() {
    fails_after(
        |project| project.write("exports/incidents.csv", "incident_id,opened_at,system\n"),
        1,
        &["`exports/incidents.csv`", "allow_empty"],
    );
}

#[test]
fn a_file_of_no_bytes_fails() {
    fails_after(
        |project| project.write("exports/incidents.csv", ""),
        2,
        &["`exports/incidents.csv`"],
    );
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_told_what_it_looks_like() {
    let disguises: [(&[u8], &str); 4] = [
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00rest", "ZIP"),
        (b"PAR1\x15\x04\x15\x00restPAR1", "Parquet"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML"),
        (
            b"\x00\x01\x02\x03\x04\x05\x06\x07\xff\xfe\x00\x00",
            "`exports/incidents.csv`",
        ),
    ];
    for (bytes, name) in disguises {
        fails_after(
            |project| project.write("exports/incidents.csv", bytes),
            2,
            &["`exports/incidents.csv`", name],
        );
    }
}

#[test]
fn every_broken_export_is_told_at_once() {
    let breaking = |project: &crate::support::Project| {
        replace(project, "exports/incidents.csv", "opened_at", "Opened");
        replace(project, "exports/deployments.csv", "finished_at", "Ended");
    };
    let texts = [
        "2 problems",
        "`exports/incidents.csv`",
        "`exports/deployments.csv`",
    ];
    fails_after(breaking, 2, &texts);
}

#[test]
fn a_quote_that_is_never_closed_swallows_no_rows() {
    let texts = [
        "`exports/incidents.csv` line 3",
        "expected a quote that closes",
        "end of the file",
    ];
    fails_after(
        |project| {
            let text = "incident_id,opened_at,system\r\nI-1,2026-03-02T10:00:00Z,shop\r\n\
                I-2,2026-03-03T10:00:00Z,\"shop\r\nI-3,2026-03-04T10:00:00Z,shop\r\n";
            project.write("exports/incidents.csv", text);
        },
        2,
        &texts,
    );
}

#[test]
fn a_filter_that_keeps_nothing_is_no_quiet_week() {
    fails_after(
        |project| {
            let name = "plimsoll.toml";
            let text = crate::support::read_text(&project.path(name));
            let filter = "path = \"exports/incidents.csv\"\nwhere = { \"system\" = [\"no such\"] }";
            assert!(text.contains("path = \"exports/incidents.csv\""), "{text}");
            project.write(
                name,
                text.replace("path = \"exports/incidents.csv\"", filter),
            );
        },
        1,
        &["`exports/incidents.csv`", "`where` keeps", "`system`"],
    );
}
