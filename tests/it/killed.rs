//! A run that is killed at any moment leaves a whole site and a whole lake, and the
//! next run completes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Project, read_text};

const KILLS: u64 = 50;

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
    let mut sites = vec![project.tree("company/site")];
    for kill in 0..KILLS {
        // Every time there is something else to read, so that every stage has work.
        let dropped = usize::try_from(kill).expect("it is small") % 7;
        let text = lines[..lines.len() - dropped].join("\n");
        std::fs::write(&incidents, text).expect("it can be written");
        project.kill_after(&run, Duration::from_millis(kill * 37 % 1_400));
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
            sites.push(project.tree("company/site"));
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

/// Every page ends, and what it links to is there.
fn check_site(project: &Project, sites: &[BTreeMap<PathBuf, Vec<u8>>]) {
    let site = project.tree("company/site");
    assert_eq!(
        site.keys().collect::<Vec<_>>(),
        sites[0].keys().collect::<Vec<_>>(),
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
