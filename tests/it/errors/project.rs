//! What can be wrong with a project: its configuration, its queries.

use super::{FORM, assert_failure, fails_after, fails_saying, replace, small_project};
use crate::support::{Project, read_text, repository};

/// Puts a changed copy of a built-in query into the project.
fn override_query(project: &Project, name: &str, from: &str, to: &str) {
    let file = format!("queries/{name}.sql");
    project.write(&file, read_text(&repository(&file)));
    replace(project, &file, from, to);
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_key() {
    let texts = [
        "`plimsoll.toml` line 3",
        "`time_zon`",
        "did you mean `time_zone`?",
    ];
    fails_after(
        |project| replace(project, "plimsoll.toml", "time_zone", "time_zon"),
        2,
        &texts,
    );
}

#[test]
fn an_unknown_table_is_named_with_the_nearest_table() {
    let texts = ["`plimsoll.toml` line ", "`deploymnts`", "`deployments`"];
    let from = "table = \"deployments\"";
    fails_after(
        |project| replace(project, "plimsoll.toml", from, "table = \"deploymnts\""),
        2,
        &texts,
    );
}

#[test]
fn an_unknown_time_zone_is_named() {
    let texts = [
        "error: cannot read `plimsoll.toml` line 3",
        "expected a time zone such as Europe/London, found `Mars/Olympus`",
    ];
    fails_saying(
        |project| replace(project, "plimsoll.toml", "\"UTC\"", "\"Mars/Olympus\""),
        2,
        &texts,
    );
}

#[test]
fn text_that_is_no_toml_is_shown_with_its_line() {
    fails_after(
        |project| replace(project, "plimsoll.toml", "\"Small\"", "\"Small"),
        2,
        &["`plimsoll.toml` line 2", "expected TOML"],
    );
}

#[test]
fn a_folder_without_a_project_is_said_to_be_none() {
    let project = Project::empty();
    for command in [
        "run", "pull", "ingest", "compute", "render", "publish", "check",
    ] {
        let finished = project.plimsoll(&[command]);
        assert_failure(&finished, 2, &FORM);
        assert_failure(&finished, 2, &["`plimsoll.toml`", "--config"]);
    }
    assert!(project.tree("").is_empty(), "something was written");
}

#[test]
fn a_query_of_the_project_that_does_not_run_is_named() {
    let name = "metrics/pipeline_failure_rate";
    let texts = [
        "error: cannot run `queries/metrics/pipeline_failure_rate.sql`",
        "expected SQL that runs, found ",
        "pipeline_rns does not exist",
        "hint: ",
    ];
    fails_saying(
        |project| {
            override_query(
                project,
                name,
                "from pipeline_runs_as_of",
                "from pipeline_rns",
            )
        },
        2,
        &texts,
    );
}

#[test]
fn a_query_reads_nothing_that_its_header_does_not_name() {
    let name = "metrics/pipeline_failure_rate";
    let texts = [
        "error: cannot run `queries/metrics/pipeline_failure_rate.sql`",
        "pipeline_runs does not exist",
        "hint: it can read `pipeline_runs_as_of`",
    ];
    fails_saying(
        |project| {
            override_query(
                project,
                name,
                "from pipeline_runs_as_of",
                "from pipeline_runs",
            )
        },
        2,
        &texts,
    );
}

#[test]
fn a_query_that_breaks_its_header_is_named_with_the_column() {
    let (name, from) = ("metrics/aging_bands", "p95_days");
    let to = "p99_days";
    fails_after(
        |project| override_query(project, name, from, to),
        2,
        &["`queries/metrics/aging_bands.sql`", "`p99_days", "p95_days"],
    );
}

#[test]
fn an_audit_that_finds_a_row_stops_the_run_and_shows_the_row() {
    let audit = "-- name: success_rate__is_perfect\n\nselect deployment_id\n\
                 from success_rate\nwhere is_failed\norder by deployment_id\n";
    fails_after(
        |project| project.write("queries/audits/success_rate__is_perfect.sql", audit),
        1,
        &[
            "`success_rate__is_perfect`",
            "deployment_id = D1",
            "found 2",
        ],
    );
}

#[test]
fn an_audit_that_comes_with_the_product_blames_a_query_and_no_export() {
    let project = Project::copy_of(&repository("tests/golden/clocks_of_tied_spans/input"));
    let (from, to) = ("started_at <= latest_end", "started_at < latest_end");
    override_query(&project, "staging/approval_spans", from, to);
    // Of T-4, two spans touch that are one.
    let texts = [
        "audit `approval_spans__spans_never_touch`, found 1",
        "item_id = T-4, span_number = 2",
        "no export can be at fault",
        "replaces `queries/staging/approval_spans.sql`",
    ];
    assert_failure(&project.batch(), 1, &texts);
}

#[test]
fn a_select_that_does_not_run_is_refused_with_the_reason() {
    let project = small_project().computed();
    let finished = project.plimsoll(&["query", "select nothing from nowhere"]);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    for text in ["error: cannot run the query", "nowhere"] {
        assert!(finished.stderr.contains(text), "{}", finished.stderr);
    }
}

#[test]
fn a_second_run_in_a_project_is_kept_out() {
    let project = super::small_project();
    project.write("lake/lock", "");
    let file = std::fs::File::open(project.path("lake/lock")).expect("it was just written");
    file.lock().expect("nobody else has it");
    let finished = project.batch();
    super::assert_failure(&finished, 2, &["expected to be alone", "hint: "]);
    drop(file);
    assert_eq!(project.batch().code, Some(0));
}
