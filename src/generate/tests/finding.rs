//! The ugliness of the files, and the signals that the reports should find.

use super::reading::{Project, Row, instant};
use super::{AS_OF, bytes, generated, project};

#[test]
fn the_files_are_as_ugly_as_the_readme_says() {
    let (folder, _) = generated(1_000, 7);
    let read = |path: &str| bytes(folder.path(), path);
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let older = read("exports/tracker/items-2025.csv");
    assert!(older.starts_with(b"\xef\xbb\xbf"));
    assert!(!has(&older, b"\r\n"));
    let newer = read("exports/tracker/items-2026.csv");
    assert!(has(&newer, b"\r\n") && !newer.starts_with(b"\xef\xbb\xbf"));
    let both = [older, newer].concat();
    for part in [
        "支払い",
        "🚢",
        "مرحبا",
        "Zürich",
        "\"\"one-click\"\"",
        "crash\nSteps",
    ] {
        assert!(has(&both, part.as_bytes()), "no {part} in the items");
    }
    let changes = read("exports/servicedesk/changes.csv");
    assert!(has(&changes, b"S\xf8ren Kj\xe6r") && std::str::from_utf8(&changes).is_err());
    assert!(changes.starts_with(b"Change No;Release;"));
    let history = read("exports/tracker/history.csv");
    for offset in ["Z,", "+00:00,", "+01:00,", "+02:00,", "+05:30,", "+09:00,"] {
        assert!(
            has(&history, offset.as_bytes()),
            "no {offset} in the history"
        );
    }
    for path in [
        "exports/tracker/history.csv",
        "exports/timesheets/effort.csv",
    ] {
        let text = String::from_utf8(read(path)).expect("it is UTF-8");
        let repeats = text
            .lines()
            .zip(text.lines().skip(1))
            .filter(|(a, b)| a == b);
        assert!(repeats.count() > 0, "no exact repeat in {path}");
    }
}

fn share(rows: &[&Row], column: &str, value: &str) -> f64 {
    let is_so = |row: &&&Row| row.get(column).is_some_and(|found| found == value);
    rows.iter().filter(is_so).count() as f64 / rows.len() as f64
}

/// Returns a table's rows whose `column` lies from one instant to another.
fn between<'a>(
    project: &'a Project,
    table: &str,
    column: &str,
    span: (&str, &str),
) -> Vec<&'a Row> {
    let span = instant(span.0)..instant(span.1);
    let is_in = |row: &&Row| {
        row.get(column)
            .is_some_and(|at| span.contains(&instant(at)))
    };
    project.rows(table).iter().filter(is_in).collect()
}

#[test]
fn one_pipeline_decays_in_the_last_weeks() {
    let (_folder, project) = project(3_000, 7);
    let failures = |from: &str, to: &str| {
        let mut runs = between(&project, "pipeline_runs", "started_at", (from, to));
        runs.retain(|run| {
            run["stage"] == "test" && run.get("team").is_some_and(|t| t == "Checkout")
        });
        share(&runs, "result", "failure")
    };
    let (before, after) = (
        failures("2026-01-01", "2026-05-31"),
        failures("2026-06-01", AS_OF),
    );
    assert!(after > 2.0 * before, "failures {before}, then {after}");
}

#[test]
fn some_production_deployments_fail() {
    let (_folder, project) = project(3_000, 7);
    let mut deployments = between(
        &project,
        "deployments",
        "finished_at",
        ("2024-07-01", AS_OF),
    );
    deployments.retain(|deployment| deployment["environment"] == "prod");
    let succeeded = share(&deployments, "result", "success");
    assert!((0.80..0.97).contains(&succeeded), "{succeeded} succeed");
    for column in ["rollback_of", "hotfix_of"] {
        assert!(
            deployments.iter().any(|row| row.contains_key(column)),
            "no {column}"
        );
    }
}

#[test]
fn scope_rushes_into_frozen_releases_in_the_last_week() {
    let (_folder, project) = project(3_000, 7);
    let emergencies = |from: &str, to: &str| {
        share(
            &between(&project, "scope_changes", "changed_at", (from, to)),
            "is_emergency",
            "yes",
        )
    };
    let (usual, last) = (
        emergencies("2026-05-01", "2026-06-29"),
        emergencies("2026-06-29", AS_OF),
    );
    assert!(last > 2.0 * usual, "emergencies {usual}, then {last}");
}

#[test]
fn throughput_steps_up_in_february() {
    let (_folder, project) = project(3_000, 7);
    let items = project.items();
    let committed = |from: &str, to: &str| {
        let span = instant(from)..instant(to);
        let dates = items.iter().filter_map(|item| item.get("committed_at"));
        dates.filter(|at| span.contains(&instant(at))).count() as f64
    };
    let (slow, fast) = (
        committed("2025-11-03", "2025-12-15"),
        committed("2026-03-02", "2026-04-13"),
    );
    assert!(fast > 1.3 * slow, "{slow}, then {fast} items in six weeks");
}

#[test]
fn estimates_drift_in_one_team_and_are_copied_in_another() {
    let (_folder, project) = project(3_000, 7);
    let mut spent = std::collections::BTreeMap::new();
    let rows: std::collections::BTreeSet<_> = project.rows("effort").iter().collect();
    for row in rows {
        let minutes: f64 = row["hours"].parse().expect("it was checked");
        *spent.entry(row["item_id"].as_str()).or_insert(0.0) += minutes / 60.0;
    }
    let items = project.items();
    let overrun = |team: &str, from: &str, to: &str| {
        let span = instant(from)..instant(to);
        let done = items.iter().filter(|i| {
            i["team"] == team
                && i["status"] == "Released"
                && span.contains(&instant(&i["created_at"]))
        });
        let ratio = |item: &Row| {
            let estimate = item.get("estimate_hours")?.parse::<f64>().ok()? / 3_600.0;
            Some(spent.get(item["item_id"].as_str())? / estimate)
        };
        let mut ratios: Vec<f64> = done.filter_map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    };
    let early = overrun("Tracking", "2024-07-01", "2025-01-01");
    let late = overrun("Tracking", "2025-12-01", "2026-06-01");
    assert!(late > 1.4 * early, "overruns {early}, then {late}");
    let copied = overrun("Customs", "2024-07-01", "2026-06-01");
    assert!((copied - 1.0).abs() < 1e-9, "{copied}");
}
