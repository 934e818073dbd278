//! What the tests share: projects in temporary folders, tables of text, golden
//! files, and a seeded shuffle.

pub(crate) mod golden;
pub(crate) mod shuffle;
pub(crate) mod table;
pub(crate) mod workdir;

use std::path::{Path, PathBuf};

pub(crate) use table::Table;
pub(crate) use workdir::Project;

/// Returns a path inside this repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Reads a file as text; the message of a failure names it.
pub(crate) fn read_text(path: &Path) -> String {
    std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()))
}

/// Returns all files below `folder`, by their path relative to it.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
