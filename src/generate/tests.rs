//! The generated company is read back through its own configuration: what is
//! legal, what refers to what, what belongs when. What is ugly and what is to be found has its own file.

mod finding;
mod reading;
mod timeline;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::{Options, Summary, generate};
use crate::contract;
use crate::fs;
use reading::{Project, Row, instant};

/// The exports were taken at this instant.
const AS_OF: &str = "2026-07-06T00:00:00+01:00";

fn generated(items: u64, seed: u64) -> (tempfile::TempDir, Summary) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let summary = generate(folder.path(), &Options { items, seed }).expect("it can be generated");
    (folder, summary)
}

fn bytes(folder: &Path, path: &str) -> Vec<u8> {
    fs::read(&folder.join(path)).expect("the summary lists files that exist")
}

fn project(items: u64, seed: u64) -> (tempfile::TempDir, Project) {
    let (folder, _) = generated(items, seed);
    let project = Project::load(folder.path());
    (folder, project)
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    let (first, summary) = generated(120, 7);
    let (again, same) = generated(120, 7);
    let (other, _) = generated(120, 8);
    assert_eq!(summary, same);
    for file in &summary.files {
        let (a, b) = (
            bytes(first.path(), &file.path),
            bytes(again.path(), &file.path),
        );
        assert_eq!(a, b, "{}", file.path);
    }
    let history = "exports/tracker/history.csv";
    assert_ne!(bytes(first.path(), history), bytes(other.path(), history));
}

#[test]
fn the_bytes_are_those_that_every_platform_writes() {
    let (folder, summary) = generated(60, 1);
    let all: Vec<u8> = summary
        .files
        .iter()
        .flat_map(|file| bytes(folder.path(), &file.path))
        .collect();
    assert_eq!(
        fs::sha256(&all),
        "de9f0fe94f7d80b1832339b4971398e396e4b24aeff44d62138c17c85160b7e4"
    );
}

#[test]
fn the_sample_data_is_what_its_readme_says_it_is() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let (folder, summary) = generated(455, 203);
    let mut size = 0;
    for file in &summary.files {
        let expected = bytes(folder.path(), &file.path);
        size += expected.len();
        assert!(
            bytes(&sample, &file.path) == expected,
            "{} differs",
            file.path
        );
    }
    assert!(size < 1_000_000, "{size} bytes");
}

#[test]
fn too_few_items_are_refused_with_the_limits() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let error = generate(folder.path(), &Options { items: 49, seed: 1 });
    let message = error.expect_err("49 is below the limit").to_string();
    assert!(message.contains("expected 50 to"), "{message}");
}

#[test]
fn rows_grow_with_the_items() {
    let rows = |summary: &Summary, path: &str| {
        let found = summary.files.iter().find(|file| file.path.ends_with(path));
        found.map_or(0, |file| file.rows) as f64
    };
    let (_, small) = generated(400, 3);
    let (_, large) = generated(4_000, 3);
    let limits = [
        ("history.csv", 6.0, 9.0),
        ("effort.csv", 2.5, 5.0),
        ("pipeline-runs.csv", 2.5, 5.0),
        ("deployment-items.csv", 1.8, 3.0),
    ];
    for (path, low, high) in limits {
        let share = rows(&large, path) / 4_000.0;
        assert!(
            (low..high).contains(&share),
            "{path}: {share} rows per item"
        );
        let growth = rows(&large, path) / rows(&small, path);
        assert!((7.0..13.0).contains(&growth), "{path}: grew {growth}-fold");
    }
}

#[test]
fn every_table_of_the_contract_is_fed() {
    let (_folder, project) = project(400, 7);
    for table in contract::tables() {
        assert!(
            !project.rows(table.name).is_empty(),
            "{} has no rows",
            table.name
        );
    }
}

#[test]
fn only_the_planted_rows_are_set_aside() {
    let (_folder, project) = project(1_000, 7);
    let planted = [
        ("effort", 2),
        ("item_events", 2),
        ("items", 4),
        ("pipeline_runs", 2),
    ];
    let found: Vec<(&str, usize)> = project
        .rejects
        .iter()
        .map(|(table, n)| (*table, n.len()))
        .collect();
    assert_eq!(found, planted, "{:.600}", format!("{:?}", project.rejects));
    for (table, rejects) in &project.rejects {
        let share = rejects.len() as f64 / project.rows(table).len() as f64;
        assert!(share < 0.01, "{table}: {share}");
    }
    let (_folder, small) = self::project(50, 7);
    assert!(small.rejects.is_empty(), "{:?}", small.rejects);
}

#[test]
fn the_later_edit_of_an_item_is_in_the_later_file() {
    let (folder, project) = project(800, 7);
    let older = bytes(folder.path(), "exports/tracker/items-2025.csv");
    let newer = bytes(folder.path(), "exports/tracker/items-2026.csv");
    let keys = |bytes: &[u8]| -> BTreeSet<String> {
        let reader = csv::Reader::from_reader(bytes);
        let records = reader.into_records().map(|r| r.expect("it is well formed"));
        records.map(|record| record[0].to_owned()).collect()
    };
    let twice: Vec<String> = keys(&older).intersection(&keys(&newer)).cloned().collect();
    assert!(twice.len() > 8, "{} items are in both files", twice.len());
    assert!(project.items().len() > 780, "an item is missing");
}

#[test]
fn references_resolve_but_for_the_three_that_were_deleted() {
    let (_folder, project) = project(1_500, 7);
    let ids = |table: &str, column: &str| -> BTreeSet<String> {
        project
            .rows(table)
            .iter()
            .filter_map(|row| row.get(column).cloned())
            .collect()
    };
    let targets: HashMap<&str, BTreeSet<String>> = [
        ("item_id", ids("items", "item_id")),
        ("release_id", ids("releases", "release_id")),
        ("deployment_id", ids("deployments", "deployment_id")),
        ("rollback_of", ids("deployments", "deployment_id")),
        ("hotfix_of", ids("deployments", "deployment_id")),
        ("pipeline_run_id", ids("pipeline_runs", "run_id")),
        ("change_id", ids("changes", "change_id")),
        ("ci_id", ids("config_items", "ci_id")),
        ("parent_ci_id", ids("config_items", "ci_id")),
        ("child_ci_id", ids("config_items", "ci_id")),
        ("theme_id", ids("themes", "theme_id")),
        ("approval_id", ids("approvals", "approval_id")),
    ]
    .into();
    let mut dangling = BTreeSet::new();
    for table in contract::tables() {
        for row in project.rows(table.name) {
            let references = row.iter().filter_map(|(column, value)| {
                let known = targets.get(column)?;
                (!known.contains(value)).then(|| format!("{}.{column} {value}", table.name))
            });
            dangling.extend(references);
            let is_item = row.get("kind").is_some_and(|kind| kind == "item");
            if let Some(other) = row.get("depends_on").filter(|_| is_item)
                && !targets["item_id"].contains(other)
            {
                dangling.insert(format!("dependencies.depends_on {other}"));
            }
        }
    }
    let planted = [
        "ci_relations.child_ci_id CI-9001",
        "dependencies.depends_on LEGACY-88",
        "item_events.item_id GONE-1",
    ];
    assert!(
        dangling.len() < 9,
        "{} references lead nowhere",
        dangling.len()
    );
    assert_eq!(dangling, planted.map(str::to_owned).into());
}

#[test]
fn times_are_in_order_and_before_the_export() {
    let (_folder, project) = project(1_500, 7);
    let pairs = [
        ("items", "created_at", "updated_at"),
        ("items", "created_at", "committed_at"),
        ("releases", "freeze_at", "planned_at"),
        ("deployments", "started_at", "finished_at"),
        ("incidents", "opened_at", "resolved_at"),
        ("pipeline_runs", "queued_at", "started_at"),
        ("dependencies", "raised_at", "resolved_at"),
        ("approvals", "requested_at", "decided_at"),
        ("changes", "requested_at", "approved_at"),
        ("environment_windows", "starts_at", "ends_at"),
    ];
    for (table, first, second) in pairs {
        for row in project.rows(table) {
            if let (Some(first), Some(second)) = (row.get(first), row.get(second)) {
                assert!(instant(first) <= instant(second), "{table}: {row:?}");
            }
        }
    }
    let past = [
        ("item_events", "changed_at"),
        ("items", "updated_at"),
        ("deployments", "finished_at"),
        ("incidents", "opened_at"),
        ("pipeline_runs", "started_at"),
        ("scope_changes", "changed_at"),
        ("approvals", "requested_at"),
        ("evidence", "checked_at"),
        ("decisions", "decided_at"),
        ("feedback", "given_at"),
        ("effort", "worked_on"),
        ("releases", "released_at"),
    ];
    for (table, column) in past {
        for row in project.rows(table) {
            let Some(at) = row.get(column) else { continue };
            assert!(instant(at) < instant(AS_OF), "{table}: {row:?}");
        }
    }
}

#[test]
fn negative_spans_are_rare_but_there() {
    let (_folder, project) = project(2_500, 7);
    let runs = project
        .rows("pipeline_runs")
        .iter()
        .filter(|row| is_negative(row))
        .count();
    assert!((1..40).contains(&runs), "{runs} runs end before they start");
    let late = project.items().into_iter().filter(|item| {
        let (committed, resolved) = (item.get("committed_at"), item.get("resolved_at"));
        committed
            .zip(resolved)
            .is_some_and(|(c, r)| instant(r) <= instant(c) + chrono::TimeDelta::minutes(5))
    });
    assert!((1..40).contains(&late.count()));
}

fn is_negative(run: &Row) -> bool {
    run.get("finished_at")
        .is_some_and(|end| instant(end) < instant(&run["started_at"]))
}

#[test]
fn the_change_log_ends_in_the_status_that_the_item_has() {
    let (_folder, project) = project(800, 7);
    let mut last: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for row in project
        .rows("item_events")
        .iter()
        .filter(|row| row["field"] == "status")
    {
        last.insert(&row["item_id"], (&row["changed_at"], &row["new_value"]));
    }
    let items = project.items();
    let mut without = 0;
    for item in &items {
        match last.get(item["item_id"].as_str()) {
            Some((at, status)) => assert_eq!(*status, item["status"], "{at} {item:?}"),
            None => without += usize::from(item["status"] != "New"),
        }
    }
    assert!((1..40).contains(&without), "{without} items without events");
    assert!(last.len() > 600);
}
