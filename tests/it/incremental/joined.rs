//! Parts that are joined on the disk change nothing that a reader sees.
//!
//! Chains of small exports, with late edits, ties, repeats and rows that cannot be
//! read, go through deletions, other names and another order. After every step the
//! lake is byte for byte the one that an empty project makes at once.

mod killed;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{ingest, lake};
use crate::support::Project;

/// The most files that a table's parts may lie in.
const MOST_FILES: usize = 32;

/// What is configured beside the sources; one that feeds `items` needs the stages.
const CONFIGURATION: &str = r#"
[project]
name = "Chain"
as_of = "2026-04-01T00:00:00Z"

[ingest]
max_reject_share = 1.0

[[workflow.stages]]
name = "Doing"
kind = "active"
statuses = ["Doing"]
commitment = true

[[workflow.stages]]
name = "Done"
kind = "done"
statuses = ["Done"]
"#;

/// The exports of two sources that feed one table.
#[derive(Debug, Clone)]
struct Chain {
    /// By name, the text.
    exports: BTreeMap<String, String>,
    /// The sources in the order in which the later one wins.
    sources: [&'static str; 2],
    keep_snapshots: u8,
}

impl Chain {
    fn new(keep_snapshots: u8) -> Self {
        Self {
            exports: BTreeMap::new(),
            sources: ["early", "late"],
            keep_snapshots,
        }
    }

    /// Adds the exports with these numbers; every third is one of the late source.
    fn add(&mut self, numbers: std::ops::Range<u32>) {
        for number in numbers {
            self.exports.insert(name(number), rows(number));
        }
    }

    fn write(&self, project: &Project) {
        let keep = self.keep_snapshots;
        let mut configuration = format!("{CONFIGURATION}\n[lake]\nkeep_snapshots = {keep}\n");
        for source in self.sources {
            configuration += &format!(
                "\n[[sources]]\nname = \"{source}\"\ntable = \"items\"\npath = \"exports/{source}-*.csv\"\n"
            );
        }
        project.write("plimsoll.toml", configuration);
        for path in project.tree("exports").into_keys() {
            std::fs::remove_file(project.path(&path.to_string_lossy())).expect("it is ours");
        }
        for (name, text) in &self.exports {
            project.write(&format!("exports/{name}"), text);
        }
    }

    /// Ingests what there is now, and compares with a project that was empty.
    fn ingest_and_compare(&self, project: &Project, what: &str) {
        self.write(project);
        ingest(project);
        self.compare(project, what);
    }

    fn compare(&self, project: &Project, what: &str) {
        let fresh = Project::empty();
        self.write(&fresh);
        ingest(&fresh);
        let (found, expected) = (lake(project), lake(&fresh));
        assert!(
            found.keys().eq(expected.keys()),
            "{what}: {:?} and {:?}",
            found.keys(),
            expected.keys()
        );
        for (path, bytes) in &expected {
            assert!(
                found[path] == *bytes,
                "{what}: `{}` differs",
                path.display()
            );
        }
    }
}

fn name(number: u32) -> String {
    let source = if number.is_multiple_of(3) {
        "late"
    } else {
        "early"
    };
    format!("{source}-{number:03}.csv")
}

/// Returns an export: a dated row that may come late, one without a date, which the
/// later reading wins, one that ties with those of other exports, an exact repeat of
/// a row of other exports, and in every ninth one that cannot be read.
fn rows(number: u32) -> String {
    let mut text = "item_id,item_type,title,updated_at\n".to_owned();
    let day = number * 5 % 28 + 1;
    text += &format!(
        "A-{},feature,version {number},2026-03-{day:02}T00:00:00Z\n",
        number * 7 % 40
    );
    text += &format!("B-{},feature,undated {number},\n", number % 13);
    text += &format!(
        "C-{},feature,tie {number},2026-03-05T00:00:00Z\n",
        number % 4
    );
    text += &format!("D-{},feature,again,2026-03-06T00:00:00Z\n", number % 5);
    if number.is_multiple_of(9) {
        text += &format!("E-{number},feature,broken,31/31/2024\n");
    }
    text
}

/// Returns the files with rows of parts, alone and joined.
fn files_of_rows(project: &Project) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = project.tree("lake/parts").into_keys().collect();
    files.extend(project.tree("lake/joined").into_keys());
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("run-") || name == "rows.parquet"
    });
    files
}

fn joined_files(project: &Project) -> usize {
    let files = project.tree("lake/joined").into_keys();
    files.filter(|path| path.ends_with("rows.parquet")).count()
}

fn put_back(project: &Project, tree: &BTreeMap<PathBuf, Vec<u8>>) {
    for (path, bytes) in tree {
        project.write(&path.to_string_lossy(), bytes);
    }
}

#[test]
fn a_long_chain_in_few_files_is_the_table_that_is_made_at_once() {
    for keep_snapshots in [1, 5] {
        let project = Project::empty();
        let mut chain = Chain::new(keep_snapshots);
        let step = |chain: &Chain, what: &str| {
            chain.ingest_and_compare(&project, what);
            if keep_snapshots == 1 {
                let files = files_of_rows(&project);
                assert!(files.len() <= MOST_FILES, "{what}: {} files", files.len());
            }
        };
        chain.add(0..40);
        step(&chain, "the first");
        assert_eq!(joined_files(&project), 1);
        for first in [40, 60, 80] {
            chain.add(first..first + 20);
            chain.write(&project);
            ingest(&project);
        }
        chain.add(100..115);
        step(&chain, "a longer chain");
        let removed = chain.exports.remove(&name(17));
        chain.exports.remove(&name(60));
        step(&chain, "without two in the middle");
        let renamed = chain.exports.remove(&name(20)).expect("it is there");
        chain.exports.insert("early-000-again.csv".into(), renamed);
        step(&chain, "one under an earlier name");
        chain.sources.reverse();
        step(&chain, "the sources in another order");
        chain
            .exports
            .insert(name(17), removed.expect("it was there"));
        step(&chain, "one put back");
        chain.exports.retain(|name, _| name.ends_with("0.csv"));
        step(&chain, "most of them gone");
        chain.add(0..115);
        chain.sources.reverse();
        step(&chain, "as before");
    }
}

#[test]
fn a_deletion_among_joined_parts_reads_no_other_export_again() {
    let project = Project::empty();
    let mut chain = Chain::new(5);
    chain.add(0..50);
    chain.ingest_and_compare(&project, "the first");
    assert_eq!(joined_files(&project), 1);
    chain.exports.remove(&name(25));
    chain.write(&project);
    let finished = project.plimsoll(&["pull"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    for path in project.tree("landing").into_keys() {
        if !path.ends_with("manifest.json") {
            std::fs::remove_file(project.path(&path.to_string_lossy())).expect("it is ours");
        }
    }
    let finished = project.plimsoll(&["ingest"]);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    chain.compare(&project, "without one");
}

#[test]
fn a_run_killed_between_the_steps_of_joining_is_repaired_by_the_next() {
    let project = Project::empty();
    let mut chain = Chain::new(1);
    chain.add(0..30);
    chain.ingest_and_compare(&project, "not yet joined");
    assert_eq!(joined_files(&project), 0);
    let alone = project.tree("lake/parts");
    chain.add(30..40);
    chain.ingest_and_compare(&project, "joined");
    let first = project.tree("lake/joined");
    // The joined file is there, and the folders of its parts are not all removed.
    put_back(&project, &alone);
    chain.ingest_and_compare(&project, "the same again");
    assert_eq!(files_of_rows(&project).len(), 1, "the folders are removed");
    put_back(&project, &alone);
    chain.add(40..41);
    chain.ingest_and_compare(&project, "one more");
    assert_eq!(files_of_rows(&project).len(), 2);
    // The file was joined into another one, and is not yet removed.
    chain.add(41..90);
    chain.ingest_and_compare(&project, "joined once more");
    assert_eq!(joined_files(&project), 1);
    put_back(&project, &first);
    chain.exports.remove(&name(3));
    chain.ingest_and_compare(&project, "one less");
    assert_eq!(joined_files(&project), 1, "the former one is removed");
    // The joined file was being written.
    project.write("lake/joined/0123.unfinished/rows.parquet", "half of it");
    chain.ingest_and_compare(&project, "the same again");
    assert_eq!(
        joined_files(&project),
        1,
        "what was not finished is removed"
    );
}

#[test]
fn joined_parts_that_are_damaged_are_read_again() {
    let project = Project::empty();
    let mut chain = Chain::new(1);
    chain.add(0..40);
    chain.ingest_and_compare(&project, "joined");
    let files = ["rows.parquet", "rejects.parquet", "joined.json"];
    for (number, file) in (40..).zip(files) {
        for is_there in [true, false] {
            let tree = project.tree("lake/joined");
            let found = tree.into_iter().find(|(path, _)| path.ends_with(file));
            let (path, mut bytes) = found.expect("the parts are joined");
            let path = project.path(&path.to_string_lossy());
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0xff;
            if is_there {
                std::fs::write(path, bytes).expect("it is ours");
            } else {
                std::fs::remove_file(path).expect("it is ours");
            }
            chain.add(number * 10..number * 10 + 1 + u32::from(is_there));
            chain.ingest_and_compare(&project, file);
            assert!(
                files_of_rows(&project).len() <= MOST_FILES,
                "they are joined anew"
            );
        }
    }
}
