//! The sample data: written by a command, read twice into the same bytes, and in
//! whatever order its rows come.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::shuffle::{shuffle_csv, shuffle_lines};
use crate::support::table::numbers_agree;
use crate::support::{Project, Table, files_below, read_text, repository};

/// The command line that the sample data's own README states.
const GENERATE: [&str; 7] = [
    "generate", "--items", "455", "--seed", "203", "--to", "sample",
];

/// What a run writes beside a project's exports.
const WRITTEN: [&str; 5] = ["landing", "lake", "rejects", "site", "site.rendered"];

/// The seed of the shuffle.
const SEED: u64 = 203;

/// Returns a copy of the sample data, without what a run there has written.
pub(crate) fn sample_project() -> Project {
    let project = Project::copy_of(&repository("sample-data"));
    for folder in WRITTEN {
        let _ = std::fs::remove_dir_all(project.path(folder));
    }
    project
}

/// Returns whether every row that a manifest tells of is accounted for.
pub(crate) fn account_balances(manifest: &Value) -> bool {
    let accounts = manifest["accounts"].as_array().expect("there are accounts");
    let count = |account: &Value, name: &str| account[name].as_u64().expect("it is a count");
    let parts = ["kept", "repeated", "superseded", "filtered", "set_aside"];
    let each = accounts.iter().all(|account| {
        let told: u64 = parts.iter().map(|part| count(account, part)).sum();
        let transformed = account["transformed"].as_i64().expect("it is a count");
        told.checked_add_signed(transformed) == Some(count(account, "rows_read"))
    });
    let mut kept: BTreeMap<&str, u64> = BTreeMap::new();
    for account in accounts {
        *kept
            .entry(account["table"].as_str().expect("it is named"))
            .or_default() += count(account, "kept");
    }
    let tables = manifest["tables"].as_array().expect("there are tables");
    let stored = tables.iter().all(|table| {
        let name = table["name"].as_str().expect("it is named");
        kept.get(name).copied().unwrap_or(0) == count(table, "rows")
    });
    each && stored
}

#[test]
fn the_sample_data_is_what_its_command_writes() {
    let project = Project::empty();
    let finished = project.plimsoll(&GENERATE);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let (stored, written) = (sample_project().tree(""), project.tree("sample"));
    let readme = String::from_utf8_lossy(&stored[std::path::Path::new("README.md")]).into_owned();
    assert!(
        readme.contains("plimsoll generate --items 455 --seed 203"),
        "{readme}"
    );
    let named: BTreeMap<_, _> = written
        .into_iter()
        .map(|(path, bytes)| {
            let path = path
                .strip_prefix("sample")
                .expect("it lies below")
                .to_owned();
            (path, bytes)
        })
        .collect();
    let names = |tree: &BTreeMap<_, _>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&stored),
        names(&named),
        "files are missing or left over"
    );
    for (path, bytes) in &stored {
        assert!(named[path] == *bytes, "`{}` differs", path.display());
    }
}

#[test]
fn two_batches_over_the_same_exports_give_the_same_bytes() {
    let (first, second) = (sample_project(), sample_project());
    for project in [&first, &second] {
        let finished = project.batch();
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    }
    let again = first.batch();
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    for folder in ["lake", "rejects", "site"] {
        let (left, right) = (first.tree(folder), second.tree(folder));
        assert_eq!(
            left.keys().collect::<Vec<_>>(),
            right.keys().collect::<Vec<_>>()
        );
        for (path, bytes) in &left {
            assert!(right[path] == *bytes, "`{}` differs", path.display());
        }
    }
}

#[test]
fn every_row_of_the_sample_data_is_accounted_for() {
    let project = sample_project().computed();
    let manifest = snapshot_manifest(&project);
    assert!(account_balances(&manifest), "{manifest:#}");
    let told = sum_of(&manifest, "set_aside");
    let rejects = Table::parse(&read_text(&project.path("rejects/rejects.csv")));
    assert_eq!(
        told,
        rejects.rows.len() as u64,
        "the rejects are those told of"
    );
    assert!(told > 0, "the sample data has rows that are set aside");
    for part in ["repeated", "superseded"] {
        assert!(
            sum_of(&manifest, part) > 0,
            "the sample data has rows {part}"
        );
    }
}

/// Reads the manifest of the current snapshot.
fn snapshot_manifest(project: &Project) -> Value {
    let manifest = read_text(&project.path("lake/current/manifest.json"));
    serde_json::from_str(&manifest).expect("a manifest is JSON")
}

fn sum_of(manifest: &Value, part: &str) -> u64 {
    let accounts = manifest["accounts"].as_array().expect("there are accounts");
    accounts
        .iter()
        .filter_map(|account| account[part].as_u64())
        .sum()
}

/// Of rows with equal keys the later one wins, so exports with such rows are left
/// in their order; the rest may come in any.
#[test]
fn the_order_of_rows_changes_no_mart() {
    let ordered = sample_project().computed();
    let shuffled = sample_project();
    let told = latest_rows_win(&ordered);
    let mut count = 0;
    for file in files_below(&shuffled.path("exports")) {
        let name = file.strip_prefix(shuffled.root()).expect("it lies below");
        let name = name.to_string_lossy().into_owned();
        if !told.contains(&name) && shuffle_rows(&shuffled, &name) {
            count += 1;
        }
    }
    assert!(count >= 10, "only {count} exports were shuffled");
    let shuffled = shuffled.computed();
    for mart in marts(&ordered) {
        let sql = format!("select * from {mart}");
        let (left, right) = (ordered.query(&sql), shuffled.query(&sql));
        let differences = crate::support::golden::differences(&left, &right);
        assert!(
            differences.is_empty(),
            "seed {SEED}, {mart}\n{}",
            differences.join("\n")
        );
    }
}

/// Returns the exports of which a row was superseded by a later one.
fn latest_rows_win(project: &Project) -> Vec<String> {
    let manifest = snapshot_manifest(project);
    let accounts = manifest["accounts"]
        .as_array()
        .expect("there are accounts")
        .clone();
    let supersedes = |account: &Value| account["superseded"].as_u64() > Some(0);
    let origin = |account: &Value| account["origin"].as_str().map(str::to_owned);
    let by_line = accounts.iter().filter(|account| supersedes(account));
    // What `updated_at` decides hangs on no order.
    let by_line = by_line.filter(|account| account["table"] != "items");
    by_line.filter_map(origin).collect()
}

/// Shuffles the rows of one export below its header; returns whether it could.
fn shuffle_rows(project: &Project, name: &str) -> bool {
    let bytes = std::fs::read(project.path(name)).expect("it is listed");
    let Ok(text) = String::from_utf8(bytes) else {
        return false;
    };
    let shuffled = match name.ends_with(".csv") {
        true => shuffle_csv(&text, SEED),
        false => shuffle_lines(&text, SEED),
    };
    project.write(name, shuffled);
    true
}

/// Returns the names of the marts.
fn marts(project: &Project) -> Vec<String> {
    let text = read_text(&project.path("lake/marts/manifest.json"));
    let manifest: Value = serde_json::from_str(&text).expect("it is JSON");
    let marts = manifest["marts"]
        .as_array()
        .expect("there are marts")
        .clone();
    let name = |mart: &Value| mart["name"].as_str().map(str::to_owned);
    marts.iter().filter_map(name).collect()
}

#[test]
fn parts_of_a_total_add_up_to_it() {
    let project = sample_project().computed();
    let table = project.query(
        "select metric, kind, cast(sum(row_count) as bigint) as row_count from coverage group by metric, kind",
    );
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &table.rows {
        let count: f64 = row[2].parse().expect("it is a count");
        *sums.entry(&row[0]).or_default() += if row[1] == "in" { count } else { -count };
    }
    let metrics: Vec<&str> = sums.keys().copied().collect();
    assert_eq!(
        metrics,
        [
            "aging",
            "attribution_methods",
            "backlog_ages",
            "corrected_estimates",
            "cycle_time",
            "cycle_time_parts",
            "dependency_waits",
            "estimation_accuracy",
            "estimation_calibration",
            "estimation_summary",
            "feedback_patterns",
            "item_outcomes",
            "pipeline_failure_rate",
            "pipeline_failures_by_team",
            "release_incidents",
            "release_item_spans",
            "release_items",
            "release_measures",
            "release_scope_moves",
            "release_stage_times",
            "release_summary",
            "scope_volatility",
            "stage_entries",
            "success_rate",
        ]
    );
    assert!(
        sums.values().all(|sum| numbers_agree(*sum, 0.0)),
        "{sums:?}"
    );
}
