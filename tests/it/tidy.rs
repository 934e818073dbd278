//! The house rules that a compiler does not know.
//!
//! The architecture is `src/lib.rs`'s crate doc; the rules on SQL are in
//! `queries/README.md`. Here they are held against every file.

mod layers;
mod sql;

use std::path::{Path, PathBuf};

use crate::support::{files_below, read_text, repository};

/// The most lines that a file may have without its tests.
const MOST_LINES: usize = 400;

/// One file of the source.
struct Source {
    /// Its path from the repository's root.
    name: String,
    text: String,
}

impl Source {
    /// Returns the lines without comments, each with its number.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = (1..).zip(self.text.lines());
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Returns the places at which the code has one of these texts.
    fn places_of(&self, texts: &[&str]) -> Vec<String> {
        let found = self
            .code()
            .filter(|(_, line)| texts.iter().any(|text| line.contains(text)));
        let place =
            |(number, line): (usize, &str)| format!("{}:{number}: {}", self.name, line.trim());
        found.map(place).collect()
    }

    fn lies_in(&self, rooms: &[&str]) -> bool {
        rooms.iter().any(|room| {
            self.name.starts_with(&format!("src/{room}/")) || self.name == format!("src/{room}.rs")
        })
    }
}

/// Returns the files below `folder` that end in `ending`.
fn sources(folder: &str, ending: &str) -> Vec<Source> {
    let root = repository("");
    let is_wanted = |path: &PathBuf| path.extension().is_some_and(|found| found == ending);
    let files: Vec<Source> = files_below(&repository(folder))
        .into_iter()
        .filter(is_wanted)
        .map(|path| Source {
            name: relative(&path, &root),
            text: read_text(&path),
        })
        .collect();
    assert!(!files.is_empty(), "no .{ending} in {folder}");
    files
}

fn relative(path: &Path, root: &Path) -> String {
    let path = path.strip_prefix(root).expect("it lies below");
    path.to_string_lossy().replace('\\', "/")
}

/// Fails with what breaks a rule, one a line.
fn assert_none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

fn all_rust() -> Vec<Source> {
    let mut files = sources("src", "rs");
    files.extend(sources("tests/it", "rs"));
    files
}

#[test]
fn every_file_opens_by_saying_what_it_is_for() {
    let silent = all_rust()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "));
    let names: Vec<String> = silent.map(|file| file.name).collect();
    assert_none("no `//!` on the first line", &names);
}

#[test]
fn no_file_grows_past_its_limit() {
    let long: Vec<String> = all_rust()
        .iter()
        .map(|file| {
            let tests = file.text.find("#[cfg(test)]\nmod tests {");
            let code = &file.text[..tests.unwrap_or(file.text.len())];
            (file.name.clone(), code.lines().count())
        })
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert_none("files over 400 lines without tests", &long);
}

#[test]
fn nothing_is_left_undone_or_may_panic_unproven() {
    let words = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("dbg", "!("),
        concat!(".unwrap", "()"),
    ];
    let broken: Vec<String> = all_rust()
        .iter()
        .flat_map(|file| file.places_of(&words))
        .collect();
    assert_none("unfinished or unproven", &broken);
}

/// Which rooms alone may say a word.
const MONOPOLIES: [(&[&str], &[&str]); 6] = [
    (&["polars"], &["ingest"]),
    (&["duckdb::"], &["engine"]),
    (&["plotters"], &["chart"]),
    (&["parquet::"], &["lake", "ingest"]),
    (
        &["Utc::now", "Local::now", "Instant::now", "SystemTime::now"],
        &["clock"],
    ),
    (
        &[
            "println!",
            "eprintln!",
            "print!(",
            "eprint!(",
            "std::env",
            "env::var",
        ],
        &["cli", "main"],
    ),
];

#[test]
fn what_only_one_room_may_use_is_used_there_alone() {
    let files = sources("src", "rs");
    for (words, rooms) in MONOPOLIES {
        let (inside, outside): (Vec<_>, Vec<_>) =
            files.iter().partition(|file| file.lies_in(rooms));
        let broken: Vec<String> = outside
            .iter()
            .filter(|file| file.name != "src/lib.rs")
            .flat_map(|file| file.places_of(words))
            .collect();
        assert_none(&format!("{words:?} outside {rooms:?}"), &broken);
        assert!(
            inside.iter().any(|file| !file.places_of(words).is_empty()),
            "{words:?} is nowhere in {rooms:?}: the rule holds nothing"
        );
    }
}

#[test]
fn one_version_of_arrow_is_linked() {
    let lock = read_text(&repository("Cargo.lock"));
    let versions = lock
        .lines()
        .filter(|line| *line == "name = \"arrow\"")
        .count();
    assert_eq!(versions, 1, "DuckDB decides Arrow: there is one");
}

#[test]
fn no_template_switches_escaping_off() {
    for file in sources("reports", "html") {
        let text: String = file.text.split_whitespace().collect();
        assert!(
            !text.contains("|safe"),
            "`{}` marks text as safe",
            file.name
        );
        assert!(
            !text.contains("autoescapefalse"),
            "`{}` stops escaping",
            file.name
        );
    }
}
