//! Scope changes between a release's freeze and its end.

use std::collections::{BTreeMap, BTreeSet};

use super::{Instant, as_of};
use crate::support::Project;

/// Returns, for every release, how many times an item really came or went after the
/// freeze and before the release was out.
pub(super) fn changes_after_freeze(project: &Project) -> BTreeMap<String, u64> {
    let moves = moves(project);
    let releases = project.query("select release_id, freeze_at, released_at from releases");
    releases
        .records()
        .map(|row| {
            let id = row.text("release_id").to_owned();
            let released = row.instant("released_at").filter(|at| *at <= as_of());
            let end = released.unwrap_or_else(as_of);
            let count = match row.instant("freeze_at") {
                Some(freeze) => count_between(moves.get(&id), freeze, end),
                None => 0,
            };
            (id, count)
        })
        .collect()
}

fn count_between(moves: Option<&Vec<Instant>>, freeze: Instant, end: Instant) -> u64 {
    let late = |at: &&Instant| **at > freeze && **at <= end;
    moves.map_or(0, |moves| moves.iter().filter(late).count() as u64)
}

/// Returns the instants at which a release's content changed. A change to what holds
/// already is none; an item whose first change is its removal was in from the start.
fn moves(project: &Project) -> BTreeMap<String, Vec<Instant>> {
    let items = project.query("select item_id, created_at from items");
    let known: BTreeSet<&str> = items
        .records()
        .filter(|row| row.instant("created_at").is_none_or(|at| at <= as_of()))
        .map(|row| row.text("item_id"))
        .collect();
    let changes =
        project.query("select release_id, item_id, changed_at, action from scope_changes");
    let mut stories: BTreeMap<(&str, &str), Vec<(Instant, bool)>> = BTreeMap::new();
    for row in changes.records() {
        let at = row.instant("changed_at").expect("it is required");
        let (release, item) = (row.text("release_id"), row.text("item_id"));
        if at <= as_of() && known.contains(item) {
            let story = stories.entry((release, item)).or_default();
            story.push((at, row.text("action") == "removed"));
        }
    }
    let mut moves: BTreeMap<String, Vec<Instant>> = BTreeMap::new();
    for ((release, _), mut story) in stories {
        story.sort_unstable();
        let mut is_in = story[0].1;
        for (at, is_removal) in story {
            if is_removal == is_in {
                is_in = !is_removal;
                moves.entry(release.to_owned()).or_default().push(at);
            }
        }
    }
    moves
}
