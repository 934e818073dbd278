//! A lake that grew with its exports is the lake that they would make at once.
//!
//! Golden case 6 of the definitions (late edits, a field changed twice in a day, a
//! label removed) and 7 (deletion), over random histories.

mod joined;
mod landed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;

use crate::support::{Project, read_text};

const CONFIGURATION: &str = r#"
[project]
name = "Histories"

[ingest]
max_reject_share = 1.0

[[sources]]
name = "incidents"
table = "incidents"
path = "exports/incidents-*.csv"

[[sources]]
name = "effort"
table = "effort"
path = "exports/effort.csv"
allow_empty = true

[[sources]]
name = "log"
path = "exports/log.ndjson"
[[sources.feeds]]
table = "item_events"
rows = "changes[]"
[sources.feeds.columns]
item_id = "key"
changed_at = "changes.at"
field = "changes.field"
new_value = "changes.to"
[[sources.feeds]]
table = "scope_changes"
rows = "changes[]"
where = { "changes.field" = ["release"] }
may_be_empty = true
[sources.feeds.columns]
release_id = "changes.to"
item_id = "key"
changed_at = "changes.at"
action = { constant = "added" }
"#;

/// How many exports come in a flood.
const FLOOD: u8 = 34;

/// What happens between two runs.
#[derive(Debug, Clone)]
enum Step {
    /// A row is written anew: an edit, however late, or a repeat.
    Write { file: u8, id: u8, day: u8, note: u8 },
    /// A row is gone from its export.
    Delete { file: u8, place: u8 },
    /// A row cannot be read.
    Break { file: u8 },
    /// The rows of an export come in another order.
    Turn { file: u8 },
    /// An export is split in two.
    Split { file: u8 },
    /// A ticket's field changes, twice in one day perhaps.
    Log { id: u8, hour: u8, field: u8 },
    /// Hours are booked.
    Book { id: u8, person: u8 },
    /// Many small exports come at once: so many that the parts are joined.
    Flood { first: u8, id: u8, day: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, 0..12_u8, 1..29_u8, 0..3_u8)
            .prop_map(|(file, id, day, note)| Step::Write { file, id, day, note }),
        2 => (0..3_u8, any::<u8>()).prop_map(|(file, place)| Step::Delete { file, place }),
        1 => (0..3_u8).prop_map(|file| Step::Break { file }),
        1 => (0..3_u8).prop_map(|file| Step::Turn { file }),
        1 => (0..3_u8).prop_map(|file| Step::Split { file }),
        3 => (0..6_u8, 0..24_u8, 0..3_u8).prop_map(|(id, hour, field)| Step::Log { id, hour, field }),
        2 => (0..6_u8, 0..3_u8).prop_map(|(id, person)| Step::Book { id, person }),
        1 => (20..50_u8, 0..12_u8, 1..29_u8)
            .prop_map(|(first, id, day)| Step::Flood { first, id, day }),
    ]
}

/// The exports as they stand at the source.
#[derive(Debug, Clone, Default)]
struct Exports {
    incidents: BTreeMap<u8, Vec<String>>,
    log: Vec<String>,
    effort: Vec<String>,
}

impl Exports {
    fn new() -> Self {
        let mut exports = Self::default();
        let first = "I-0,2026-01-01T00:00:00Z,first".to_owned();
        exports.incidents.insert(0, vec![first]);
        exports.log(0, 0, 0);
        exports
    }

    fn log(&mut self, id: u8, hour: u8, field: u8) {
        let field = ["status", "release", "label"][usize::from(field)];
        self.log.push(format!(
            r#"{{"key":"T-{id}","changes":[{{"at":"2026-02-01T{hour:02}:00:00Z","field":"{field}","to":"v{hour}"}},{{"at":"2026-02-01T{hour:02}:00:00Z","field":"label","to":null}}]}}"#
        ));
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Write {
                file,
                id,
                day,
                note,
            } => {
                let row = format!("I-{id},2026-03-{day:02}T00:00:00Z,note {note}");
                self.incidents.entry(file).or_default().push(row);
            }
            Step::Delete { file, place } => {
                let rows = self.incidents.entry(file).or_default();
                if rows.len() > 1 {
                    rows.remove(usize::from(place) % rows.len());
                }
            }
            Step::Break { file } => {
                let rows = self.incidents.entry(file).or_default();
                rows.push("I-99,31/31/2024,broken".into());
            }
            Step::Turn { file } => self.incidents.entry(file).or_default().reverse(),
            Step::Split { file } => {
                let rows = self.incidents.entry(file).or_default();
                // An export that is there keeps a row, so that there always is one.
                let second = rows.split_off(rows.len().div_ceil(2));
                self.incidents.entry(file + 10).or_default().extend(second);
            }
            Step::Log { id, hour, field } => self.log(id, hour, field),
            Step::Book { id, person } => {
                self.effort
                    .push(format!("T-{id},1.5,2026-03-01,Person {person}"));
            }
            Step::Flood { first, id, day } => {
                for file in first..first + FLOOD {
                    let row = format!("I-{id},2026-03-{day:02}T00:00:00Z,flood {file}");
                    self.incidents.entry(file).or_default().push(row);
                }
            }
        }
    }

    fn write(&self, project: &Project) {
        for (file, rows) in &self.incidents {
            let name = format!("exports/incidents-{file:02}.csv");
            let text = rows.join("\n");
            let path = project.path(&name);
            if rows.is_empty() {
                if path.exists() {
                    std::fs::remove_file(path).expect("it is ours");
                }
                continue;
            }
            project.write(&name, format!("incident_id,opened_at,summary\n{text}\n"));
        }
        project.write("exports/log.ndjson", self.log.join("\n"));
        let effort = self.effort.join("\n");
        project.write(
            "exports/effort.csv",
            format!("item_id,hours,worked_on,person\n{effort}\n"),
        );
    }
}

/// Runs pull and ingest, and returns what was told.
fn ingest(project: &Project) -> String {
    let mut told = String::new();
    for stage in ["pull", "ingest"] {
        let finished = project.plimsoll(&[stage]);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        told += &finished.stderr;
    }
    let manifest = read_text(&project.path("lake/current/manifest.json"));
    let manifest: Value = serde_json::from_str(&manifest).expect("a manifest is JSON");
    for account in manifest["accounts"].as_array().expect("there are accounts") {
        let count = |name: &str| account[name].as_u64().expect("it is a number");
        let parts = ["kept", "repeated", "superseded", "filtered", "set_aside"];
        let sum: u64 = parts.into_iter().map(count).sum();
        assert_eq!(count("rows_read"), sum, "{account}");
    }
    told
}

fn lake(project: &Project) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = project.tree("lake/current");
    files.extend(project.tree("rejects"));
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn an_incremental_lake_is_the_full_one(
        history in prop::collection::vec(prop::collection::vec(step(), 1..6), 1..5),
    ) {
        let growing = Project::empty();
        growing.write("plimsoll.toml", CONFIGURATION);
        let mut exports = Exports::new();
        exports.write(&growing);
        ingest(&growing);
        for steps in &history {
            steps.iter().for_each(|step| exports.take(step));
            exports.write(&growing);
            ingest(&growing);
            let fresh = Project::empty();
            fresh.write("plimsoll.toml", CONFIGURATION);
            exports.write(&fresh);
            ingest(&fresh);
            let (left, right) = (lake(&growing), lake(&fresh));
            let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
            prop_assert_eq!(names(&left), names(&right));
            for (name, bytes) in &left {
                prop_assert!(right[name] == *bytes, "`{}` differs", name.display());
            }
        }
    }
}

#[test]
fn what_a_run_brought_is_told_and_a_key_that_is_gone_is_gone() {
    let project = Project::empty();
    project.write("plimsoll.toml", CONFIGURATION);
    let mut exports = Exports::new();
    let rows = ["I-1,2026-01-02T00:00:00Z,a", "I-2,2026-01-03T00:00:00Z,b"];
    exports
        .incidents
        .insert(1, rows.map(str::to_owned).to_vec());
    exports.write(&project);
    ingest(&project);
    let rows = [
        "I-2,2026-01-03T00:00:00Z,edited",
        "I-3,2026-01-04T00:00:00Z,c",
    ];
    exports
        .incidents
        .insert(1, rows.map(str::to_owned).to_vec());
    exports.write(&project);
    let told = ingest(&project);
    assert!(
        told.contains("incidents: 1 new, 1 changed, 1 gone"),
        "I-3 came, I-2 changed, I-1 went: {told}"
    );
    let sql = "select string_agg(incident_id, ' ' order by incident_id) as ids from incidents";
    let finished = project.plimsoll(&["query", sql, "--format", "csv"]);
    assert_eq!(finished.stdout, "ids\nI-0 I-2 I-3\n", "{}", finished.stderr);
}

#[test]
fn an_export_that_has_not_changed_is_not_read_again() {
    let project = Project::empty();
    project.write("plimsoll.toml", CONFIGURATION);
    let mut exports = Exports::new();
    exports.write(&project);
    ingest(&project);
    let parts = |project: &Project| {
        let mut times = BTreeMap::new();
        for path in project.tree("lake/parts").into_keys() {
            let file = project.path(&path.to_string_lossy());
            times.insert(path, modified(&file));
        }
        times
    };
    let before = parts(&project);
    exports.take(&Step::Write {
        file: 1,
        id: 7,
        day: 1,
        note: 1,
    });
    exports.write(&project);
    ingest(&project);
    let after = parts(&project);
    for (path, time) in &before {
        assert_eq!(
            after.get(path),
            Some(time),
            "`{}` was written again",
            path.display()
        );
    }
    assert!(
        after.len() > before.len(),
        "the new export has a part of its own"
    );
}

fn modified(path: &Path) -> std::time::SystemTime {
    let metadata = std::fs::metadata(path).expect("the file is there");
    metadata.modified().expect("the file system keeps times")
}
