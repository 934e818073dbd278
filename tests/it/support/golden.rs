//! Golden cases: what is expected, what was found, and how the two differ.

use std::fs;
use std::path::{Path, PathBuf};

use super::table::cells_agree;
use super::{Project, Table, read_text, repository};

/// How many differing rows a message shows.
const SHOWN: usize = 5;

/// One folder of `tests/golden/`.
pub(crate) struct Case {
    /// The folder's name: what the case claims.
    pub(crate) name: String,
    folder: PathBuf,
}

impl Case {
    /// Returns all cases by name.
    pub(crate) fn all() -> Vec<Self> {
        let entries = fs::read_dir(repository("tests/golden")).expect("there are cases");
        let folders = entries.map(|entry| entry.expect("a folder can be listed").path());
        let mut cases: Vec<Self> = folders
            .filter(|folder| folder.join("input").is_dir())
            .map(|folder| Self {
                name: folder
                    .file_name()
                    .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
                folder,
            })
            .collect();
        cases.sort_by(|left, right| left.name.cmp(&right.name));
        cases
    }

    /// Returns the case that `GOLDEN` names, or all of them.
    pub(crate) fn wanted() -> Vec<Self> {
        let mut cases = Self::all();
        if let Ok(name) = std::env::var("GOLDEN") {
            cases.retain(|case| case.name == name);
            assert!(!cases.is_empty(), "no case is called `{name}`");
        }
        cases
    }

    /// Copies the case's project.
    pub(crate) fn project(&self) -> Project {
        Project::copy_of(&self.folder.join("input"))
    }

    /// Returns the exit code that is expected.
    pub(crate) fn exit_code(&self) -> i32 {
        let path = self.folder.join("expected/exit-code");
        if !path.exists() {
            return 0;
        }
        read_text(&path).trim().parse().expect("it is a number")
    }

    /// Returns the texts that standard error must contain.
    pub(crate) fn stderr_texts(&self) -> Vec<String> {
        let path = self.folder.join("expected/stderr");
        if !path.exists() {
            return Vec::new();
        }
        let text = read_text(&path);
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(str::to_owned).collect()
    }

    /// Returns the names of the marts that are expected.
    pub(crate) fn marts(&self) -> Vec<String> {
        let files = super::files_below(&self.folder.join("expected/marts"));
        let stem = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into());
        files.iter().filter_map(stem).collect()
    }

    /// Returns what is expected of a mart.
    pub(crate) fn expected(&self, mart: &str) -> Table {
        Table::parse(&read_text(&self.expected_path(mart)))
    }

    /// Rewrites what is expected of a mart.
    pub(crate) fn bless(&self, mart: &str, found: &Table) {
        fs::write(self.expected_path(mart), found.to_csv()).expect("a mart can be blessed");
    }

    /// Keeps what was found beside the case.
    pub(crate) fn keep_actual(&self, name: &str, text: &str) {
        let path = self.actual_folder().join(name);
        let parent = path.parent().expect("it lies in a folder");
        fs::create_dir_all(parent).expect("a folder can be made");
        fs::write(&path, text).expect("what was found can be kept");
    }

    /// Removes what an earlier run kept.
    pub(crate) fn forget_actual(&self) {
        let _ = fs::remove_dir_all(self.actual_folder());
    }

    fn expected_path(&self, mart: &str) -> PathBuf {
        self.folder.join(format!("expected/marts/{mart}.csv"))
    }

    fn actual_folder(&self) -> PathBuf {
        self.folder.with_extension("actual")
    }
}

/// Returns the lines in which the two tables differ, both ways: rows by place after
/// sorting, cells by [`cells_agree`].
pub(crate) fn differences(expected: &Table, found: &Table) -> Vec<String> {
    let (expected, found) = (expected.clone().sorted(), found.clone().sorted());
    let mut lines = Vec::new();
    if expected.columns != found.columns {
        lines.push(format!("columns {:?}", expected.columns));
        lines.push(format!("  found {:?}", found.columns));
        return lines;
    }
    let rows = expected.rows.len().max(found.rows.len());
    for place in 0..rows {
        let (wanted, got) = (expected.rows.get(place), found.rows.get(place));
        let agree = match (wanted, got) {
            (Some(wanted), Some(got)) => wanted.iter().zip(got).all(|(w, g)| cells_agree(w, g)),
            _ => false,
        };
        if !agree {
            let text = |row: Option<&Vec<String>>| row.map_or("no row".into(), |r| r.join(","));
            lines.push(format!("expected {}", text(wanted)));
            lines.push(format!("   found {}", text(got)));
        }
    }
    if lines.len() > 2 * SHOWN {
        let more = lines.len() / 2 - SHOWN;
        lines.truncate(2 * SHOWN);
        lines.push(format!("and {more} rows more"));
    }
    lines
}

/// Adds a mart to the project that shows a staging table: those are not kept, and a
/// query in the project's own `queries/` is how any project would look at one.
/// Returns the mart's name.
pub(crate) fn show_staging(project: &Project, table: &str) -> String {
    let mart = format!("{table}_shown");
    let sql = read_text(&staging_path(table));
    let header: Vec<&str> = sql
        .lines()
        .take_while(|line| line.starts_with("--"))
        .collect();
    let key = header
        .iter()
        .find(|line| line.starts_with("-- key:"))
        .expect("every header has a key");
    let columns = header
        .iter()
        .position(|line| *line == "-- columns:")
        .expect("every header has columns");
    let text = format!(
        "-- name: {mart}\n-- about: {table}, to be looked at.\n-- grain: the same\n{key}\n\
         -- reads: {table}\n{}\n\nselect *\nfrom {table}\n",
        header[columns..].join("\n"),
    );
    project.write(&format!("queries/metrics/{mart}.sql"), text);
    mart
}

/// Returns the path of a built-in staging query.
pub(crate) fn staging_path(table: &str) -> PathBuf {
    repository("queries/staging").join(Path::new(table).with_extension("sql"))
}
