//! What goes wrong says where, what was expected, what was found and what to do;
//! and whatever goes wrong, what readers see stays as it was.
//!
//! Exit code 1: the data failed; 2: the run was not possible. Runs over broken bytes
//! are drawn with a seed that a failure prints; `PLIMSOLL_SEED` sets another.

mod calendar;
mod exports;
mod feeds;
mod messages;
mod mutation;
mod order;
mod project;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::Project;
use crate::support::workdir::Finished;

const CONFIGURATION: &str = r#"[project]
name = "Small"
time_zone = "UTC"
as_of = "2026-04-01T00:00:00Z"

[[sources]]
name = "deployments"
table = "deployments"
path = "exports/deployments.csv"

[[sources]]
name = "incidents"
table = "incidents"
path = "exports/incidents.csv"
"#;

const DEPLOYMENTS: &str = "deployment_id,system,environment,finished_at,result
D1,shop,production,2026-03-02T09:00:00Z,success
D2,shop,production,2026-03-04T09:00:00Z,failure
";

const INCIDENTS: &str = "incident_id,opened_at,system,summary
I1,2026-03-02T10:00:00Z,shop,\"Basket, empty\"
I2,2026-03-03T10:00:00Z,shop,Slow search
I3,2026-03-04T10:00:00Z,shop,No receipts
";

/// Returns a small project that nothing is wrong with.
pub(crate) fn small_project() -> Project {
    let project = Project::empty();
    project.write("plimsoll.toml", CONFIGURATION);
    project.write("exports/deployments.csv", DEPLOYMENTS);
    project.write("exports/incidents.csv", INCIDENTS);
    project
}

/// What every error says beside the place.
const FORM: [&str; 4] = ["error: cannot ", "expected ", "found ", "hint: "];

/// Runs a small project, breaks it, runs it again and holds the second run to
/// `code`, to the form of an error and to `texts`, and to leaving alone what the
/// first one published.
fn fails_after(breaking: impl Fn(&Project), code: i32, texts: &[&str]) {
    fails_saying(breaking, code, &[&FORM, texts].concat());
}

/// As [`fails_after`], in words of its own.
fn fails_saying(breaking: impl Fn(&Project), code: i32, texts: &[&str]) {
    let project = small_project();
    let finished = project.batch();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let before = published(&project);
    assert!(!before.is_empty(), "the first run published nothing");
    breaking(&project);
    let finished = project.batch();
    assert_failure(&finished, code, texts);
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        published(&project).keys().collect::<Vec<_>>(),
        "files came or went"
    );
    assert!(before == published(&project), "a published file changed");
}

/// Holds a failed run to its exit code and to what it must say.
pub(crate) fn assert_failure(finished: &Finished, code: i32, texts: &[&str]) {
    let stderr = &finished.stderr;
    assert_eq!(finished.code, Some(code), "{stderr}");
    for text in texts {
        assert!(
            stderr.contains(text),
            "stderr does not say `{text}`\n{stderr}"
        );
    }
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert_eq!(finished.stdout, "", "standard output is for data");
}

/// Returns what readers see: the site, the current snapshot, the marts.
fn published(project: &Project) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = project.tree("site");
    files.extend(project.tree("lake/marts"));
    files.extend(project.tree("lake/snapshots"));
    files.retain(|path, _| !path.to_string_lossy().contains(".unfinished"));
    files.extend(project.tree("lake/current"));
    files
}

/// Replaces a text of a file that must be there.
fn replace(project: &Project, name: &str, from: &str, to: &str) {
    let text = crate::support::read_text(&project.path(name));
    assert!(text.contains(from), "`{name}` has no `{from}`");
    project.write(name, text.replacen(from, to, 1));
}
