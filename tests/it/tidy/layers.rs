//! The arrows between rooms go down the list in `src/lib.rs`, and only down.

use std::collections::BTreeMap;

use super::{Source, assert_none, sources};
use crate::support::{read_text, repository};

/// Returns each room's floor, counted from the top, as the crate doc lists them.
fn floors() -> BTreeMap<String, usize> {
    let text = read_text(&repository("src/lib.rs"));
    let doc: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect();
    let heading = doc.iter().position(|line| line.trim() == "# Rooms");
    let rest = &doc[heading.expect("the crate doc lists the rooms")..];
    let list = rest
        .iter()
        .skip_while(|line| line.trim() != "```text")
        .skip(1);
    let list = list.take_while(|line| line.trim() != "```").enumerate();
    let mut floors = BTreeMap::new();
    for (floor, line) in list {
        // Two blanks part the names from what they are for.
        let names = line.trim().split("  ").next().unwrap_or_default();
        for name in names.split(", ") {
            floors.insert(name.to_owned(), floor);
        }
    }
    floors
}

/// Returns the room that a file belongs to; none for the two roots.
fn room_of(file: &Source) -> Option<String> {
    let path = file.name.strip_prefix("src/")?;
    let room = path.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&room)).then(|| room.to_owned())
}

/// Returns the rooms that one line names behind `crate::`.
fn rooms_named(line: &str) -> Vec<String> {
    let paths = line.split("crate::").skip(1);
    let mut rooms = Vec::new();
    for path in paths {
        let names = match path.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => path,
        };
        let first_word = |name: &str| -> String {
            let is_word = |c: &char| c.is_ascii_lowercase() || *c == '_';
            name.trim().chars().take_while(is_word).collect()
        };
        if path.starts_with('{') {
            rooms.extend(names.split(',').map(first_word));
        } else {
            rooms.push(first_word(names));
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms
}

#[test]
fn rooms_are_read_from_paths_and_lists_of_paths() {
    assert_eq!(rooms_named("use crate::lake::{Rows, load};"), ["lake"]);
    assert_eq!(rooms_named("use crate::{fs, lake::Rows};"), ["fs", "lake"]);
    assert_eq!(rooms_named("crate::a::b(crate::c_d::E)"), ["a", "c_d"]);
    assert_eq!(rooms_named("pub(crate) fn x() {}"), [""; 0]);
}

#[test]
fn every_room_is_on_the_list_and_every_name_is_a_room() {
    let floors = floors();
    let rooms: Vec<String> = sources("src", "rs").iter().filter_map(room_of).collect();
    for room in &rooms {
        assert!(
            floors.contains_key(room),
            "`{room}` is not in the crate doc"
        );
    }
    for name in floors.keys() {
        assert!(
            rooms.contains(name),
            "the crate doc lists `{name}`, which is not there"
        );
    }
}

#[test]
fn arrows_go_down() {
    let floors = floors();
    let mut broken = Vec::new();
    for file in sources("src", "rs") {
        let Some(room) = room_of(&file) else { continue };
        for (number, line) in file.code() {
            let upward = rooms_named(line)
                .into_iter()
                .filter(|other| *other != room && floors.get(other) <= floors.get(&room));
            let place = |other| format!("{}:{number}: `{room}` uses `{other}`", file.name);
            broken.extend(upward.map(place));
        }
    }
    assert_none(
        "arrows that do not go down the list of `src/lib.rs`",
        &broken,
    );
}
