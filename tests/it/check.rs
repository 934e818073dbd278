//! `plimsoll check`: what is wrong with a project's own queries and templates is said
//! before any export is read, all of it at once, each with its file and its line.

mod templates;

use crate::errors::small_project;
use crate::support::workdir::Finished;
use crate::support::{Project, read_text, repository};

const BANDS: &str = "queries/metrics/aging_bands.sql";

/// Puts a changed copy of a file of the repository into the project.
fn change(project: &Project, file: &str, changes: &[(&str, &str)]) {
    let mut text = read_text(&repository(file));
    for (from, to) in changes {
        assert!(text.contains(from), "`{file}` has no `{from}`");
        text = text.replacen(from, to, 1);
    }
    project.write(file, text);
}

/// Checks the project, which must leave every file as it was.
fn check(project: &Project) -> Finished {
    let before = project.tree("");
    let finished = project.plimsoll(&["check"]);
    assert!(before == project.tree(""), "a check wrote something");
    finished
}

/// Holds a check to failing with all of these texts.
fn assert_told(project: &Project, texts: &[&str]) {
    let finished = check(project);
    assert_eq!(finished.code, Some(2), "{}", finished.stderr);
    assert_eq!(finished.stdout, "", "standard output is for data");
    for text in texts {
        let stderr = &finished.stderr;
        assert!(
            stderr.contains(text),
            "stderr does not say `{text}`\n{stderr}"
        );
    }
}

fn assert_fine(project: &Project) -> String {
    let finished = check(project);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    finished.stdout
}

/// Returns the line, counted from 1, of the first line with a text.
fn line_of(project: &Project, file: &str, text: &str) -> String {
    let content = read_text(&project.path(file));
    let place = content.lines().position(|line| line.contains(text));
    let line = place.unwrap_or_else(|| panic!("`{file}` has no `{text}`")) + 1;
    format!("`{file}` line {line}: ")
}

#[test]
fn a_project_of_its_own_exports_alone_is_fine() {
    let told = assert_fine(&small_project());
    assert!(told.contains("no problem found"), "{told}");
}

#[test]
fn a_renamed_column_of_an_overriding_query_is_found() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[
            (
                "--   p95_days        double?",
                "--   p95_age        double?",
            ),
            (
                "    p95_days\nfrom founded",
                "    p95_days as p95_age\nfrom founded",
            ),
        ],
    );
    let place = line_of(&project, BANDS, "-- columns:");
    assert_told(
        &project,
        &[
            &place,
            "expected column `p95_days double?`",
            "found none",
            "is `p95_age` what it was renamed to?",
        ],
    );
}

#[test]
fn a_column_of_another_type_of_an_overriding_query_is_found() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[
            ("finished_count  bigint ", "finished_count  string "),
            (
                "    finished_count,\n    p50_days,\n    p70_days,\n    p85_days,\n    p95_days\nfrom",
                "    cast(finished_count as string) as finished_count,\n    p50_days,\n    p70_days,\n    p85_days,\n    p95_days\nfrom",
            ),
        ],
    );
    let place = line_of(&project, BANDS, "--   finished_count");
    let texts = [
        "expected column `finished_count bigint`",
        "found `finished_count string`",
        "hint: ",
    ];
    assert_told(&project, &[&[place.as_str()], texts.as_slice()].concat());
}

#[test]
fn a_column_that_may_suddenly_be_null_is_found() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[("finished_count  bigint ", "finished_count  bigint?")],
    );
    let place = line_of(&project, BANDS, "--   finished_count");
    let texts = [
        "expected column `finished_count bigint`",
        "found `finished_count bigint?`",
        "`coalesce`",
    ];
    assert_told(&project, &[&[place.as_str()], texts.as_slice()].concat());
}

#[test]
fn another_key_of_an_overriding_query_is_found() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[("-- key: stage", "-- key: stage_position")],
    );
    let place = line_of(&project, BANDS, "-- key:");
    assert_told(
        &project,
        &[&place, "expected the key `stage`", "found `stage_position`"],
    );
}

#[test]
fn a_table_that_nobody_makes_is_found_with_the_nearest() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[(
            "reads: workflow, stage_paces",
            "reads: workflow, stage_pacs, stage_paces",
        )],
    );
    let place = line_of(&project, BANDS, "-- reads:");
    assert_told(
        &project,
        &[&place, "found `stage_pacs`", "did you mean `stage_paces`?"],
    );
}

#[test]
fn columns_more_at_the_end_are_fine() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[
            ("95 % were.\n", "95 % were.\n--   team  string  Team.\n"),
            (
                "    p95_days\nfrom founded",
                "    p95_days,\n    'all' as team\nfrom founded",
            ),
        ],
    );
    assert_fine(&project);
}

#[test]
fn a_column_that_no_table_has_is_found_on_its_line() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[("        pace_days\n    from", "        pace_dayz\n    from")],
    );
    let place = line_of(&project, BANDS, "pace_dayz");
    assert_told(
        &project,
        &[&place, "expected SQL that runs", "pace_dayz", "hint: "],
    );
}

#[test]
fn types_that_do_not_fit_are_found() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[("where kind <> 'done'", "where kind + stage_position = 1")],
    );
    let place = line_of(&project, BANDS, "kind + stage_position");
    assert_told(&project, &[&place, "expected SQL that runs"]);
}

#[test]
fn a_header_that_promises_another_type_than_its_sql_gives_is_found() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[(
            "    p95_days\nfrom founded",
            "    cast(p95_days as bigint) as p95_days\nfrom founded",
        )],
    );
    let place = line_of(&project, BANDS, "--   p95_days");
    assert_told(
        &project,
        &[&place, "to be `p95_days double`", "found `p95_days bigint`"],
    );
}

#[test]
fn an_audit_that_does_not_run_is_found() {
    let project = small_project();
    let audit = "-- name: aging__is_young\n\nselect item_idd\nfrom aging\norder by item_idd\n";
    project.write("queries/audits/aging__is_young.sql", audit);
    assert_told(
        &project,
        &["`queries/audits/aging__is_young.sql` line 3: ", "item_idd"],
    );
}

const OWN_MART: &str = "-- name: stages_by_count\n-- about: Bands, the largest first.\n\
    -- grain: one row per stage\n-- key: stage\n-- reads: aging_bands\n-- columns:\n\
    --   stage  string  Stage.\n--   finished_count  bigint  Items.\n\n\
    select\n    stage,\n    finished_count\nfrom aging_bands\norder by stage\n";

#[test]
fn a_mart_of_the_projects_own_is_fine_and_its_mistakes_are_found() {
    let project = small_project();
    let file = "queries/metrics/stages_by_count.sql";
    project.write(file, OWN_MART);
    assert_fine(&project);
    project.write(file, OWN_MART.replace("bigint  Items", "integer  Items"));
    let place = line_of(&project, file, "integer");
    assert_told(
        &project,
        &[&place, "known type", "`finished_count  integer  Items.`"],
    );
}

#[test]
fn a_query_that_no_run_reads_is_found() {
    let project = small_project();
    project.write("queries/metric/aging_bands.sql", "select 1");
    project.write("queries/aging.sql", "select 1");
    project.write("queries/metrics/aging.sql.old", "select 1");
    project.write("queries/README.md", "Ours.");
    project.write("queries/metrics/.keep", "");
    assert_told(
        &project,
        &[
            "cannot use queries and templates: 3 problems",
            "`queries/metric/aging_bands.sql`: expected a file",
            "is `queries/metrics/aging_bands.sql` meant?",
            "`queries/aging.sql`",
            "is `queries/metrics/aging.sql` meant?",
            "`queries/metrics/aging.sql.old`",
        ],
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let project = small_project();
    change(
        &project,
        BANDS,
        &[
            ("-- key: stage", "-- key: stage_position"),
            ("        pace_days\n    from", "        pace_dayz\n    from"),
        ],
    );
    change(
        &project,
        "queries/metrics/stage_flow.sql",
        &[("-- about:", "-- abuot:")],
    );
    change(
        &project,
        "reports/weekly.html",
        &[("{{ measure.label }}", "{{ measure.labell }}")],
    );
    project.write("reports/weekley.html", "");
    assert_told(
        &project,
        &[
            "cannot use queries and templates: 5 problems",
            "`queries/metrics/stage_flow.sql`",
            "expected `-- about:`",
            "expected the key `stage`",
            "pace_dayz",
            "measure.labell",
            "weekley.html",
        ],
    );
}
