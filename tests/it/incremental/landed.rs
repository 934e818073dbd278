//! Landed exports go once nothing needs them, and only where the project says when.

use super::{ingest, lake};
use crate::support::Project;

fn project(lake_section: &str, load: &str) -> Project {
    let project = Project::empty();
    project.write(
        "plimsoll.toml",
        format!(
            "[project]\nname = \"Landed\"\n\n[lake]\nkeep_snapshots = 2\n{lake_section}\n\n[[sources]]\nname = \"incidents\"\ntable = \"incidents\"\npath = \"exports/*.csv\"\nload = \"{load}\"\n"
        ),
    );
    project
}

fn export(project: &Project, name: &str, id: u32) {
    let text = format!("incident_id,opened_at\nI-{id},2026-01-05T10:00:00Z\n");
    project.write(&format!("exports/{name}.csv"), text);
}

/// Returns how many exports lie in `landing/`.
fn landed(project: &Project) -> usize {
    let files = project.tree("landing").into_keys();
    let exports = files.filter(|path| path.to_string_lossy().ends_with(".csv"));
    exports.count()
}

#[test]
fn a_landed_export_goes_with_the_last_snapshot_that_was_read_from_it() {
    let project = project("keep_landed_days = 0", "full");
    project.write("landing/notes.csv", "whoever put it there wants it");
    for (id, expected) in [(1, 1), (2, 2), (3, 2), (4, 2)] {
        export(&project, "a", id);
        ingest(&project);
        assert_eq!(landed(&project), expected + 1, "after export {id}");
    }
    // The one before comes again: its file is there, or comes with it.
    for id in [3, 1] {
        export(&project, "a", id);
        ingest(&project);
        let fresh = self::project("", "full");
        export(&fresh, "a", id);
        ingest(&fresh);
        assert_eq!(lake(&project), lake(&fresh));
    }
}

#[test]
fn landed_exports_stay_where_nobody_said_when_they_go_or_they_are_young() {
    for section in ["", "keep_landed_days = 30"] {
        let project = project(section, "full");
        for id in 1..=4 {
            export(&project, "a", id);
            ingest(&project);
        }
        assert_eq!(landed(&project), 4, "`{section}`");
    }
}

#[test]
fn every_export_that_a_delta_is_made_of_stays() {
    let project = project("keep_landed_days = 0", "delta");
    for id in 1..=4 {
        // What was pulled may be taken away from where it came.
        let _ = std::fs::remove_dir_all(project.path("exports"));
        export(&project, &format!("day-{id}"), id);
        ingest(&project);
    }
    assert_eq!(landed(&project), 4);
    let before = lake(&project);
    std::fs::remove_dir_all(project.path("lake")).expect("it is ours");
    ingest(&project);
    assert_eq!(lake(&project), before);
}
