//! A run that is killed at any moment leaves a whole site and a whole lake, and the
//! next run completes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Project, read_text};

const KILLS: u32 = 50;

/// How many exports take turns, so that every run has something new to read.
const EXPORTS: usize = 7;

#[test]
fn a_run_killed_at_any_moment_leaves_all_whole() {
    let project = Project::empty();
    let arguments = [
        "generate", "--items", "80", "--seed", "5", "--to", "company",
    ];
    let finished = project.plimsoll(&arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let run = ["run", "--config", "company/plimsoll.toml"];
    let finished = project.plimsoll(&run);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let incidents = project.path("company/exports/servicedesk/incidents.ndjson");
    let lines = read_text(&incidents);
    let lines: Vec<&str> = lines.lines().collect();
    let export = |dropped: usize| lines[..lines.len() - dropped].join("\n");
    // The lists of a site depend on what there is to list: each whole site that can be.
    let mut sites = BTreeSet::new();
    let mut whole = Duration::ZERO;
    for dropped in 0..EXPORTS {
        std::fs::write(&incidents, export(dropped)).expect("it can be written");
        let watch = Instant::now();
        let finished = project.plimsoll(&run);
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        whole = watch.elapsed();
        sites.insert(pages(&project));
    }
    for kill in 0..KILLS {
        // Every time there is something else to read, so that every stage has work.
        let dropped = usize::try_from(kill).expect("it is small") % EXPORTS;
        std::fs::write(&incidents, export(dropped)).expect("it can be written");
        // From its first moment to past its end.
        let share = f64::from(kill * 37 % KILLS) / f64::from(KILLS);
        project.kill_after(&run, whole.mul_f64(1.1 * share));
        check_lake(&project, "company/lake");
        check_site(&project, &sites);
        if kill % 10 == 9 {
            let finished = project.plimsoll(&run);
            assert_eq!(
                finished.code,
                Some(0),
                "after kill {kill}: {}",
                finished.stderr
            );
        }
    }
}

/// Every file of the current snapshot is as its manifest says.
pub(crate) fn check_lake(project: &Project, lake: &str) {
    let manifest = read_text(&project.path(&format!("{lake}/current/manifest.json")));
    let manifest: Value = serde_json::from_str(&manifest).expect("a manifest is whole");
    for table in manifest["tables"].as_array().expect("there are tables") {
        let file = table["file"].as_str().expect("a table has a file");
        let bytes = std::fs::read(project.path(&format!("{lake}/current/{file}")));
        let bytes = bytes.expect("the file is there");
        let hash = sha256(&bytes);
        assert_eq!(
            table["sha256"],
            hash.as_str(),
            "`{file}` is as it was written"
        );
    }
}

/// Returns the paths of the site's files.
fn pages(project: &Project) -> Vec<PathBuf> {
    project.tree("company/site").into_keys().collect()
}

/// Every page ends, and what it links to is there.
fn check_site(project: &Project, sites: &BTreeSet<Vec<PathBuf>>) {
    let site = project.tree("company/site");
    assert!(
        sites.contains(&pages(project)),
        "no page is missing or left over"
    );
    for (path, bytes) in &site {
        let text = String::from_utf8_lossy(bytes);
        let is_whole = match path.extension().and_then(|ending| ending.to_str()) {
            Some("html") => text.trim_end().ends_with("</html>"),
            Some("json") => serde_json::from_slice::<Value>(bytes).is_ok(),
            _ => true,
        };
        assert!(is_whole, "`{}` is whole", path.display());
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
