//! Which file a part is in, whatever a killed run has left.

use super::*;
use crate::lake::{Account, commit_part, prepare_part};

fn part(id: &str, set_aside: u64) -> Part {
    let account = serde_json::json!({
        "table": "incidents", "source": "s", "origin": id, "sha256": "", "bytes": 0,
        "rows_read": 9, "kept": 0, "repeated": 0, "superseded": 0,
        "filtered": 0, "set_aside": set_aside,
    });
    let account: Account = serde_json::from_value(account).expect("it is an account");
    Part {
        id: id.to_owned(),
        account,
        runs: Vec::new(),
        first_reject: None,
        joined: None,
    }
}

fn put_part(root: &Path, id: &str, set_aside: u64) {
    let folder = prepare_part(root, id).expect("it can be made");
    fs::write(&folder.join(REJECTS), b"rejects").expect("it can be written");
    commit_part(root, &part(id, set_aside)).expect("it can be put there");
}

fn put_joined(root: &Path, id: &str, parts: &[(&str, u64)], replaces: &[&str]) {
    let folder = prepare_joined(root, id).expect("it can be made");
    fs::write(&folder.join(ROWS), b"rows").expect("it can be written");
    fs::write(&folder.join(REJECTS), b"rejects").expect("it can be written");
    let stored = |file: &str, bytes: &[u8]| StoredRun {
        file: file.to_owned(),
        rows: 9,
        sha256: fs::sha256(bytes),
    };
    let joined = Joined {
        id: id.to_owned(),
        rows: stored(ROWS, b"rows"),
        rejects: Some(stored(REJECTS, b"rejects")),
        parts: parts.iter().map(|(id, rows)| part(id, *rows)).collect(),
        replaces: replaces.iter().map(|id| (*id).to_owned()).collect(),
    };
    commit_joined(root, &joined).expect("it can be put there");
}

fn names(root: &Path, folder: &str) -> Vec<String> {
    let paths = fs::list(&root.join("lake").join(folder)).expect("it can be listed");
    let name = |path: &PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    paths.iter().filter_map(name).collect()
}

fn slot(parts: &Parts, id: &str) -> Option<(String, usize)> {
    let part = parts.find(id).expect("it can be read")?;
    part.joined.map(|slot| (slot.joined, slot.place))
}

#[test]
fn numbers_that_rise_with_the_places_need_one_pass() {
    let numbers = rising(vec![(0, 4), (3, 9), (2, 6)]);
    assert_eq!(numbers, [[Some(4), None, Some(6), Some(9)]]);
    assert!(rising(Vec::new()).is_empty());
}

#[test]
fn readings_in_another_order_are_taken_in_several_passes_each_in_order() {
    // The export at place 1 is now read first, and the one at place 0 is read twice.
    let numbers = rising(vec![(0, 1), (1, 0), (2, 2), (0, 5)]);
    let expected = [
        vec![Some(1), None, Some(2)],
        vec![Some(5)],
        vec![None, Some(0)],
    ];
    assert_eq!(numbers.len(), 3);
    for division in expected {
        assert!(numbers.contains(&division), "{division:?} of {numbers:?}");
    }
}

#[test]
fn a_run_killed_before_the_folders_of_joined_parts_were_removed_is_cleared_up() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    for id in ["a", "b", "c", "gone"] {
        put_part(root, id, 0);
    }
    put_joined(root, "j", &[("a", 0), ("b", 0)], &[]);
    prepare_joined(root, "k").expect("it can be made");
    let parts = Parts::load(root).expect("it can be read");
    assert_eq!(slot(&parts, "b"), Some(("j".to_owned(), 1)));
    assert_eq!(slot(&parts, "c"), None);
    let kept = ["a", "b", "c"].map(str::to_owned).into();
    remove_other_parts(root, &kept).expect("they can be removed");
    assert_eq!(names(root, "parts"), ["c"]);
    assert_eq!(
        names(root, "joined"),
        ["j"],
        "what was not finished is gone"
    );
}

#[test]
fn a_joined_file_that_was_joined_into_another_is_not_read_and_goes() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    // By name the old one comes last, by number of parts it is the larger one.
    put_joined(root, "old", &[("gone", 0), ("a", 0), ("b", 0)], &[]);
    put_joined(root, "new", &[("b", 0), ("c", 0)], &["old"]);
    let parts = Parts::load(root).expect("it can be read");
    assert_eq!(slot(&parts, "b"), Some(("new".to_owned(), 0)));
    assert_eq!(parts.find("a").expect("it can be read"), None);
    let kept = ["a", "b", "c"].map(str::to_owned).into();
    remove_other_parts(root, &kept).expect("they can be removed");
    assert_eq!(names(root, "joined"), ["new"]);
}

#[test]
fn a_joined_file_stays_while_a_snapshot_names_one_of_its_parts() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    put_joined(root, "j", &[("a", 0), ("b", 0)], &[]);
    remove_other_parts(root, &["b".to_owned()].into()).expect("it can be looked at");
    assert_eq!(names(root, "joined"), ["j"]);
    remove_other_parts(root, &["c".to_owned()].into()).expect("it can be removed");
    assert!(names(root, "joined").is_empty());
}

#[test]
fn a_damaged_joined_file_is_none_or_is_found_before_it_is_read() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    let damage: [(&str, Option<&[u8]>); 5] = [
        (ROWS, None),
        (REJECTS, None),
        (REJECTS, Some(b"others")),
        ("joined.json", None),
        ("joined.json", Some(b"{")),
    ];
    for (file, bytes) in damage {
        put_joined(root, "j", &[("a", 1)], &[]);
        let path = root.join("lake/joined/j").join(file);
        match bytes {
            Some(bytes) => fs::write(&path, bytes).expect("it can be written"),
            None => fs::remove_file(&path).expect("it can be removed"),
        }
        let parts = Parts::load(root).expect("it can be read");
        assert_eq!(slot(&parts, "a"), None, "{file}");
    }
    put_joined(root, "j", &[("a", 1)], &[]);
    let parts = Parts::load(root).expect("it can be read");
    let part = parts
        .find("a")
        .expect("it can be read")
        .expect("it is there");
    assert!(
        parts
            .find_damaged(&[&part])
            .expect("it can be read")
            .is_empty()
    );
    fs::write(&root.join("lake/joined/j").join(ROWS), b"else").expect("it can be written");
    let damaged = parts.find_damaged(&[&part]).expect("it can be read");
    assert_eq!(damaged, ["a".to_owned()].into());
}

#[test]
fn the_rejects_of_a_part_are_found_behind_those_of_the_parts_before_it() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    put_part(root, "own", 7);
    put_joined(root, "j", &[("a", 2), ("b", 0), ("c", 3), ("d", 4)], &[]);
    let parts = Parts::load(root).expect("it can be read");
    let found = |ids: &[&str]| {
        let found = ids.iter().map(|id| parts.find(id).expect("it can be read"));
        let found: Vec<Part> = found.map(|part| part.expect("it is there")).collect();
        let ranges = parts.rejects(&found).into_iter();
        ranges
            .map(|range| {
                let is_joined = range.path.starts_with(root.join("lake/joined/j"));
                (is_joined, range.start, range.rows)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&["a", "b", "c", "d"]), [(true, 0, 9)]);
    assert_eq!(
        found(&["c", "own", "d", "a"]),
        [(true, 2, 3), (false, 0, 7), (true, 5, 4), (true, 0, 2)]
    );
}
