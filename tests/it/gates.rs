//! Gates beside the golden cases: the verdict in a pipeline, a gate that a reader of the
//! README adds, the words of `[gates]`, and a site whose pages of gates agree.

use serde_json::Value;

use crate::errors::{assert_failure, small_project};
use crate::sample::sample_project;
use crate::support::golden::Case;
use crate::support::{Project, read_text, repository};

/// The project of the golden case on endorsements, computed.
fn endorsements() -> Project {
    let cases = Case::all();
    let case = cases
        .iter()
        .find(|case| case.name == "gate_business_endorsement");
    case.expect("the case is there").project().computed()
}

/// Judges a release; the marts and the site stay as they are.
fn judge(project: &Project, arguments: &[&str]) -> (Option<i32>, String) {
    let before = project.tree("lake/marts");
    let finished = project.plimsoll(&[&["check-release"], arguments].concat());
    assert_eq!(finished.stderr, "", "{arguments:?}");
    assert!(before == project.tree("lake/marts"), "the marts changed");
    (finished.code, finished.stdout)
}

#[test]
fn the_exit_code_says_whether_a_release_may_ship() {
    let project = endorsements();
    let (code, told) = judge(&project, &["R1"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("Spring (R1): Blocked: 1 of 1 gate open"),
        "{told}"
    );
    assert!(
        told.contains("B: endorsed after the baseline only; due "),
        "{told}"
    );
    let (code, told) = judge(&project, &["Winter"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("Clear: 1 gate, 1 by waiver"), "{told}");
    assert!(
        told.contains("waived: Pilot for one customer"),
        "a waiver is never hidden"
    );
}

#[test]
fn a_release_that_was_cancelled_or_that_no_gate_looked_at_may_not_ship() {
    let project = endorsements();
    for (release, word, headline) in [
        ("Never", "cancelled", "Cancelled: nothing to ship"),
        ("Empty", "nothing_checked", "No gate had anything to check"),
    ] {
        let (code, told) = judge(&project, &[release, "--format", "json"]);
        assert_eq!(code, Some(1), "{told}");
        let verdict: Value = serde_json::from_str(&told).expect("it is JSON");
        assert_eq!(verdict["verdict"], word);
        assert_eq!(verdict["headline"], headline);
        assert_eq!(verdict["release"]["is_go"], false);
    }
}

#[test]
fn a_release_is_judged_as_it_stood() {
    // On 15 May nobody had rejected J yet, nor excepted H; N was not endorsed either.
    let project = endorsements();
    let told = |release: &str| {
        let arguments = [
            release,
            "--as-of",
            "2026-05-15T00:00:00Z",
            "--format",
            "json",
        ];
        let (code, told) = judge(&project, &arguments);
        let verdict: Value = serde_json::from_str(&told).expect("it is JSON");
        (code, verdict)
    };
    let (code, verdict) = told("R1");
    assert_eq!(code, Some(1));
    assert_eq!(verdict["verdict"], "no_go");
    let findings = verdict["release"]["gates"][0]["findings"].as_array();
    let of = |item: &str| {
        let mut found = findings.into_iter().flatten();
        let found = found.find(|one| one["subject_id"] == item);
        found.map(|one| one["state"].clone()).unwrap_or_default()
    };
    assert_eq!([of("J"), of("H")], ["pass", "fail"]);
    let (code, verdict) = told("R2");
    assert_eq!(
        (code, &verdict["verdict"]),
        (Some(1), &Value::from("no_go"))
    );
}

#[test]
fn a_pipeline_reads_the_verdict_as_junit() {
    let (code, told) = judge(&endorsements(), &["R1", "--format", "junit"]);
    assert_eq!(code, Some(1));
    // 15 subjects: 9 failed, 2 unknown and 2 waived, as the golden case derives.
    assert!(told.starts_with("<?xml"), "{told}");
    assert!(
        told.contains("tests=\"15\" skipped=\"2\" errors=\"2\" failures=\"9\""),
        "{told}"
    );
    let rationale = "<skipped message=\"H: no endorsement; waived: The regulator set the date\"/>";
    assert!(told.contains(rationale), "{told}");
}

#[test]
fn a_table_that_is_missing_is_told_once_for_all_it_leaves_unknown() {
    let project = endorsements();
    let text = read_text(&project.path("plimsoll.toml"));
    let (before, behind) = text
        .split_once("[[sources]]\nname = \"approvals\"")
        .expect("it is fed");
    let (_, behind) = behind.split_once("[[sources]]").expect("another follows");
    project.write("plimsoll.toml", format!("{before}[[sources]]{behind}"));
    let project = project.computed();
    let (code, told) = judge(&project, &["R1"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("no data: feed `approvals`"), "{told}");
    assert_eq!(told.matches("feed `approvals`").count(), 1, "{told}");
    assert!(told.contains(" alike)"), "{told}");
}

/// A gate of the project over the releases of the golden case, whose rows are `row`.
fn gate_of_releases(row: &str) -> String {
    format!(
        "-- name: note\n-- title: Note\n-- group: packaging\n-- about: Every release has a note.\n-- guards: shipping\n-- needs: releases\n-- reads: release_moments\nselect {row}, release_id || ': no note' as reason, cast(null as string) as evidence_id, cast(null as timestamp) as evidence_at, ship_due_at as due_at\nfrom release_moments\norder by gate, subject_type, subject_id, release_id\n"
    )
}

#[test]
fn a_gate_that_breaks_the_form_is_named_and_no_verdict_is_given() {
    let project = endorsements();
    let text = read_text(&project.path("plimsoll.toml"));
    let on = "on = [\"business_endorsement\", \"note\"]";
    project.write(
        "plimsoll.toml",
        text.replace("on = [\"business_endorsement\"]", on),
    );
    let row = |gate: &str, release: &str, verdict: &str| {
        format!(
            "'{gate}' as gate, 'release' as subject_type, release_id as subject_id, {release} as release_id, cast(null as string) as team, '{verdict}' as verdict"
        )
    };
    for (row, told) in [
        (
            row("notes", "release_id", "fail"),
            "expected `note` as `gate` in every row, found `notes`",
        ),
        (
            row("note", "release_id", "failed"),
            "expected `pass`, `fail` or `unknown` as `verdict`, found `failed`",
        ),
        (
            row("note", "release_name", "fail"),
            "expected the id of a release as `release_id`, found `Autumn`",
        ),
    ] {
        project.write("queries/gates/note.sql", gate_of_releases(&row));
        for command in [&["compute"][..], &["check-release", "R1"][..]] {
            let finished = project.plimsoll(command);
            assert_failure(
                &finished,
                2,
                &[
                    "cannot use the gate `queries/gates/note.sql`",
                    told,
                    "hint: ",
                ],
            );
        }
    }
    let sound = gate_of_releases(&row("note", "release_id", "fail"));
    project.write("queries/gates/note.sql", sound);
    let (code, told) = judge(&project, &["Winter"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("R6: no note"), "{told}");
}

#[test]
fn a_release_that_nobody_knows_is_no_verdict() {
    let project = endorsements();
    let finished = project.plimsoll(&["check-release", "R9"]);
    assert_failure(
        &finished,
        2,
        &["cannot judge `R9`", "did you mean `R", "hint: "],
    );
    let finished = small_project().plimsoll(&["check-release", "R1"]);
    assert_failure(&finished, 2, &["expected ", "hint: "]);
}

#[test]
fn words_of_the_configuration_that_no_gate_has_are_told_with_their_line() {
    let project = endorsements();
    let text = read_text(&project.path("plimsoll.toml"));
    let wrong = "[gates.busines_endorsement]\nuser_impact = \"low\"\n\n[gates.business_endorsement]\nuser_impakt = \"low\"\nuser_impact = 3\n\n[[workflow.stages]]";
    let on = text.replace("on = [\"business_endorsement\"]", "off = [\"business\"]");
    project.write(
        "plimsoll.toml",
        on.replacen("[[workflow.stages]]", wrong, 1),
    );
    for command in ["check", "compute"] {
        let finished = project.plimsoll(&[command]);
        assert_failure(
            &finished,
            2,
            &[
                "`plimsoll.toml` line 7: expected a known gate, found `business`",
                "line 10: expected a known gate, found `busines_endorsement`",
                "did you mean `business_endorsement`?",
                "expected a known limit of [gates.business_endorsement], found `user_impakt`",
                "did you mean `user_impact`?",
                "`user_impact`: expected a string or a list of strings, found the number 3",
            ],
        );
    }
}

#[test]
fn a_gate_is_added_by_a_file_alone() {
    let readme = read_text(&repository("README.md"));
    let start = readme
        .find("-- name: public_note")
        .expect("the README shows a gate");
    let gate = readme[start..].split("```").next().unwrap_or_default();
    let project = sample_project();
    project.write("queries/gates/public_note.sql", gate);
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let rows = project.query(
        "select verdict, count(*) as found from gate_results where gate = 'public_note' group by verdict",
    );
    let said = |verdict: &str| {
        let mut rows = rows.records().filter(|row| row.text("verdict") == verdict);
        rows.next().and_then(|row| row.number("found"))
    };
    assert!(
        said("pass") > Some(0.0) && said("fail") > Some(0.0),
        "it trips and passes"
    );
    let page = read_text(&project.path("site/governance.html"));
    assert!(
        page.contains("definitions/public_note.html")
            || page.contains("definitions&#x2f;public_note.html")
    );
}

#[test]
fn pages_of_gates_agree_with_the_verdicts() {
    let project = sample_project();
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let verdicts = project.query(
        "select release_name, verdict, open_count, gate_count from release_verdicts order by release_id",
    );
    let mut pages = 0;
    for file in crate::support::files_below(&project.path("site/releases")) {
        if file.file_name().is_none_or(|name| name != "gates.json") {
            continue;
        }
        pages += 1;
        let page: Value = serde_json::from_str(&read_text(&file)).expect("it is JSON");
        let name = page["release"]["name"].as_str().unwrap_or_default();
        let mut of_name = verdicts
            .records()
            .filter(|row| row.text("release_name") == name);
        let row = of_name
            .next()
            .unwrap_or_else(|| panic!("no verdict on {name}"));
        let headline = page["gates"]["headline"].as_str().unwrap_or_default();
        let counts = format!("{} of {}", row.text("open_count"), row.text("gate_count"));
        let is_open = row.text("verdict") == "no_go";
        assert_eq!(headline.contains(&counts), is_open, "{name}: {headline}");
        let rows = page["gates"]["gates"]["rows"].as_array().map(Vec::len);
        assert_eq!(
            rows.map(|count| count.to_string()).as_deref(),
            row.word("gate_count")
        );
    }
    assert_eq!(pages, verdicts.records().count());
}
