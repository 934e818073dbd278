//! `plimsoll explain` and the pages of definitions: one model, so what one says the
//! other says; the rows behind a figure are as many as the figure says.

use serde_json::Value;

use crate::errors::{assert_failure, small_project};
use crate::sample::sample_project;
use crate::support::{Project, Table, read_text};

fn explained(project: &Project, arguments: &[&str]) -> String {
    let finished = project.plimsoll(&[&["explain"], arguments].concat());
    assert_eq!(finished.code, Some(0), "{arguments:?}\n{}", finished.stderr);
    finished.stdout
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

#[test]
fn before_a_run_there_is_nothing_to_explain() {
    let finished = small_project().plimsoll(&["explain", "cycle_time"]);
    assert_failure(
        &finished,
        2,
        &[
            "cannot read the marts",
            "expected ",
            "hint: run `plimsoll compute`",
        ],
    );
}

#[test]
fn what_does_not_exist_is_named_with_the_nearest() {
    let project = small_project().computed();
    let refused = |arguments: &[&str], texts: &[&str]| {
        let finished = project.plimsoll(&[&["explain"], arguments].concat());
        assert_failure(&finished, 2, texts);
    };
    refused(
        &["sucess_rate"],
        &[
            "cannot explain `sucess_rate`",
            "did you mean `success_rate`?",
        ],
    );
    refused(
        &["nonsense_of_the_year"],
        &["measures: cycle_time_p85", "marts: aging"],
    );
    refused(
        &["success_rate", "--release", "R-1"],
        &["release `R-1`", "hint: "],
    );
    refused(
        &["success_rate", "--week", "2026-27"],
        &["expected an ISO week such as 2026-W27, found `2026-27`"],
    );
    refused(
        &["success_rate", "--quarter", "2026-Q7"],
        &["found `2026-Q7`"],
    );
    refused(
        &["coverage", "--week", "2026-W10"],
        &["cannot explain `coverage` by week"],
    );
    refused(
        &["items_as_of", "--format", "csv"],
        &["no run keeps a staging table"],
    );
}

#[test]
fn an_explanation_says_what_a_figure_is_and_where_it_comes_from() {
    let project = small_project().computed();
    let text = explained(&project, &["success_rate", "--week", "2026-W10"]);
    for part in [
        "file     queries/metrics/success_rate.sql, built in\n",
        "How it is read\n",
        "finished_at timestamp",
        "deployments_as_of",
        "table of the contract, through others: fed\n",
        "params.incident_window_hours  72.0\n",
        "2 in = 2 used + 0 dropped: it adds up\n",
        "-- name: success_rate\n",
        "| D1 ",
        "2 rows\n",
    ] {
        assert!(text.contains(part), "the text has no `{part}`\n{text}");
    }
    let none = explained(&project, &["success_rate", "--week", "2026-W11"]);
    assert!(none.ends_with("0 rows\n"), "{none}");
}

#[test]
fn a_long_list_says_how_much_of_it_is_shown() {
    let project = small_project().computed();
    let arguments = ["coverage", "--limit", "3"];
    let text = explained(&project, &arguments);
    let rows = project.query("select count(*) as row_count from coverage");
    let all = &rows.rows[0][0];
    assert!(
        text.ends_with(&format!("3 of {all} rows; --limit 0 for all\n")),
        "{text}"
    );
    let whole = explained(&project, &["coverage", "--limit", "0"]);
    assert!(whole.ends_with(&format!("\n{all} rows\n")), "{whole}");
    let csv = project.plimsoll(&["explain", "coverage", "--format", "csv"]);
    let table = Table::parse(&csv.stdout);
    assert_eq!(table.rows.len().to_string(), *all, "CSV has every row");
    assert_eq!(csv.stderr, format!("{all} rows\n"));
}

#[test]
fn an_overriding_query_is_told_as_such_and_one_changed_since_the_run_too() {
    let project = small_project();
    let file = "queries/metrics/aging_bands.sql";
    let text = read_text(&crate::support::repository(file));
    project.write(file, text.replace("count >= 5", "count >= 3"));
    let project = project.computed();
    let told = explained(&project, &["aging_bands"]);
    assert!(
        told.contains("the project's own file, in the place of the\n"),
        "{told}"
    );
    assert!(
        told.contains("count >= 3") && !told.contains("changed since"),
        "{told}"
    );
    project.write(file, text.replace("count >= 5", "count >= 4"));
    let told = explained(&project, &["aging_bands"]);
    assert!(told.contains("changed since the last run"), "{told}");
}

#[test]
fn a_release_is_asked_for_by_its_id_or_its_name() {
    let project = sample_project().computed();
    let by_release = |name: &str| {
        let text = explained(
            &project,
            &["cycle_time", "--release", name, "--format", "json"],
        );
        json(&text)["rows_behind"].clone()
    };
    let releases = project.query(
        "select release_id, max(release_name) as name from scope_volatility inner join cycle_time using (release_id) group by release_id order by count(*) desc, release_id limit 1",
    );
    let [id, name] = releases.rows[0].as_slice() else {
        panic!("two columns");
    };
    let rows = by_release(name);
    assert_eq!(rows, by_release(id));
    let counted = project.query(&format!(
        "select count(*) as row_count from cycle_time where release_id = '{id}'"
    ));
    assert_eq!(rows["total"].to_string(), counted.rows[0][0]);
    let again = project.query(rows["sql"].as_str().expect("it is a select"));
    assert_eq!(
        rows["rows"].as_array().map(Vec::len),
        Some(again.rows.len())
    );
    assert!(!again.rows.is_empty(), "release {id} has no item");
}

#[test]
fn the_rows_behind_a_measure_are_as_many_as_its_figure_says() {
    let project = sample_project().computed();
    let mut checked = 0;
    for measure in ["success_rate", "cycle_time_p85", "pipeline_failure_rate"] {
        for period in [["--week", "2026-W25"], ["--quarter", "2026-Q2"]] {
            let arguments = [measure, period[0], period[1], "--format", "json"];
            let told = json(&explained(&project, &arguments));
            let rows = told["rows_behind"]["rows"]
                .as_array()
                .expect("it is a list");
            let below = |row: &&Value| row["is_denominator"] == true;
            let counted = |row: &&Value| row["is_counted"] == true;
            let (figure, of) = (&told["figure"], rows.iter().filter(below).count());
            assert_eq!(figure["denominator"], of, "{arguments:?}");
            if !figure["numerator"].is_null() {
                let above = rows.iter().filter(counted).count();
                assert_eq!(figure["numerator"], above, "{arguments:?}");
            }
            checked += of;
        }
    }
    assert!(checked > 50, "only {checked} rows");
}

#[test]
fn every_definition_of_the_page_is_what_explain_says_and_its_ledger_adds_up() {
    let project = sample_project();
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let html = read_text(&project.path("site/definitions.html"));
    let page = json(&read_text(&project.path("site/definitions.json")));
    let manifest = json(&read_text(&project.path("lake/marts/manifest.json")));
    let marts = manifest["marts"].as_array().expect("there are marts");
    let definitions = page["definitions"]
        .as_array()
        .expect("there are definitions");
    // Neither is kept by itself: the rows of gates are together, those of rules too.
    let mut others = 0;
    for folder in ["gates", "rules"] {
        let is_there = |definition: &&Value| definition["folder"] == folder;
        let listed = definitions.iter().filter(is_there).count();
        let path = crate::support::repository(&format!("queries/{folder}"));
        let files = std::fs::read_dir(path)
            .expect("the folder is there")
            .count();
        assert_eq!(listed, files, "each of `{folder}` has its definition");
        others += listed;
    }
    assert_eq!(
        marts.len(),
        definitions.len() - others,
        "each mart has its definition"
    );
    let mut ledgers = 0;
    for definition in definitions {
        let name = definition["name"].as_str().expect("it has a name");
        let told = json(&explained(
            &project,
            &[name, "--format", "json", "--limit", "1"],
        ));
        for (field, value) in told["definition"].as_object().expect("it is an object") {
            assert_eq!(*value, definition[field], "{name}.{field}");
        }
        assert!(
            html.contains(&format!("<h2 id=\"{name}\">")),
            "no anchor for {name}"
        );
        if definition["folder"] == "gates" || definition["folder"] == "rules" {
            // Its rows are kept with those of all others.
            continue;
        }
        let stored = marts
            .iter()
            .find(|mart| mart["name"] == name)
            .expect("it is kept");
        assert_eq!(definition["sha256"], stored["query_sha256"], "{name}");
        assert_eq!(definition["is_current"], true, "{name}");
        if !definition["ledger"].is_null() {
            ledgers += 1;
            assert_eq!(definition["ledger"]["adds_up"], true, "{name}");
        }
    }
    assert!(ledgers >= 6, "only {ledgers} metrics have a ledger");
    let weekly = read_text(&project.path("site/weekly/2026-W27.html"));
    for mart in ["cycle_time", "success_rate", "aging", "scope_volatility"] {
        let link = format!("../definitions.html#{mart}\"");
        assert!(weekly.matches(&link).count() >= 2, "no links to {mart}");
    }
}
