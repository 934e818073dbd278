//! A run that is killed in the middle of a join leaves a whole lake and a whole site,
//! and the next one ends where a run over all exports at once would.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{Chain, files_of_rows, joined_files, put_back};
use crate::incremental::{ingest, lake};
use crate::killed::check_lake;
use crate::support::Project;

/// How often a run is killed, each time a little later in its join.
const KILLS: u32 = 24;

/// Every so many kills hit a whole run instead of its stage alone.
const WHOLE_RUN: u32 = 12;

/// Rows of an export that no other has, so that a join takes a while.
const OWN_ROWS: u32 = 400;

fn chain(exports: u32) -> Chain {
    let mut chain = Chain::new(1);
    chain.add(0..exports);
    for (name, text) in &mut chain.exports {
        for row in 0..OWN_ROWS {
            *text += &format!("{name}-{row},feature,own {row},2026-03-07T00:00:00Z\n");
        }
    }
    chain
}

fn must_run(project: &Project, arguments: &[&str]) {
    let finished = project.plimsoll(arguments);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

/// Says whether a join is on its way: its folder is there, whole or not.
fn is_joining(joined: &Path) -> bool {
    std::fs::read_dir(joined).is_ok_and(|mut entries| entries.next().is_some())
}

/// Returns whether the join was cut short: a file half written, or parts that are in
/// a joined file and in folders of their own.
fn is_cut_short(project: &Project) -> bool {
    let mut joined = project.tree("lake/joined").into_keys();
    let is_unfinished = joined.any(|path| path.to_string_lossy().contains(".unfinished"));
    let files = files_of_rows(project).len();
    is_unfinished || (joined_files(project) == 1 && files > 1)
}

#[test]
fn a_run_killed_in_the_middle_of_a_join_leaves_all_whole() {
    let fresh = Project::empty();
    let (few, many) = (chain(30), chain(40));
    many.write(&fresh);
    must_run(&fresh, &["run"]);
    let (expected, site_after) = (lake(&fresh), fresh.tree("site"));

    let project = Project::empty();
    few.write(&project);
    must_run(&project, &["run"]);
    let (parts, site_before) = (project.tree("lake/parts"), project.tree("site"));
    assert_eq!(joined_files(&project), 0, "not yet joined");
    let folder = project.path("lake/joined");

    many.write(&project);
    must_run(&project, &["pull"]);
    let mut seen = None;
    let ended = project.watch(&["ingest"], &mut || {
        if seen.is_none() && is_joining(&folder) {
            seen = Some(Instant::now());
        }
        false
    });
    assert!(ended, "nobody killed it");
    let span = seen.expect("the parts are joined").elapsed();

    let mut cut_short = 0;
    for kill in 0..KILLS {
        let is_whole_run = kill % WHOLE_RUN == WHOLE_RUN - 1;
        let command: &[&str] = if is_whole_run { &["run"] } else { &["ingest"] };
        back_to(&project, &few, &parts);
        many.write(&project);
        must_run(&project, &["pull"]);
        let delay = span * (kill % WHOLE_RUN) / WHOLE_RUN;
        kill_in_join(&project, command, &folder, delay);
        cut_short += u32::from(is_cut_short(&project));

        check_lake(&project, "lake");
        let site = project.tree("site");
        assert!(
            site == site_before || site == site_after,
            "kill {kill}: the site is the one before or the one after"
        );
        must_run(&project, command);
        assert!(lake(&project) == expected, "kill {kill}: another lake");
        assert_eq!(files_of_rows(&project).len(), 1, "kill {kill}: all joined");
        if is_whole_run {
            assert!(project.tree("site") == site_after, "kill {kill}: the site");
            back_to(&project, &few, &parts);
            must_run(&project, &["run"]);
        }
    }
    // Nearly all are; a machine that is busy may be late now and then.
    assert!(
        cut_short > KILLS / 6,
        "{cut_short} of {KILLS} kills came while parts were joined"
    );
}

/// Takes the lake back to where its parts are not joined.
fn back_to(
    project: &Project,
    chain: &Chain,
    parts: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>,
) {
    for folder in ["lake/joined", "lake/parts"] {
        let removed = std::fs::remove_dir_all(project.path(folder));
        assert!(removed.is_ok() || !project.path(folder).exists());
    }
    put_back(project, parts);
    chain.write(project);
    ingest(project);
    assert_eq!(joined_files(project), 0, "not joined again");
}

/// Kills a command so long after its join has begun.
fn kill_in_join(project: &Project, command: &[&str], folder: &Path, delay: Duration) {
    let mut seen: Option<Instant> = None;
    project.watch(command, &mut || {
        if seen.is_none() && is_joining(folder) {
            seen = Some(Instant::now());
        }
        seen.is_some_and(|seen| seen.elapsed() >= delay)
    });
    assert!(seen.is_some(), "the run came to its join");
}
