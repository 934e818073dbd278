//! Files of a project's `queries/` folder that no run reads: a folder or an ending
//! spelt wrongly would otherwise leave the built-in query in force, in silence.

use std::path::Path;

use super::{AUDITS, FOLDERS, built_in_text, sql_stem};
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::fs;

/// Returns a problem for each file below the project's `queries/` that no run reads.
/// Files whose name starts with a dot and README files are nobody's query.
///
/// # Errors
/// `Io`.
pub fn find_strays(root: &Path) -> Result<Vec<Error>> {
    let mut problems = Vec::new();
    for path in fs::list(&root.join("queries"))? {
        let folder = file_name(&path);
        if path.is_dir() {
            let is_read = FOLDERS.contains(&folder.as_str()) || folder == AUDITS;
            for file in fs::list(&path)? {
                if !is_read || sql_stem(&file).is_none() || file.is_dir() {
                    problems.extend(stray(&format!("{folder}/{}", file_name(&file)), &file));
                }
            }
        } else {
            problems.extend(stray(&folder, &path));
        }
    }
    Ok(problems)
}

fn stray(name: &str, path: &Path) -> Option<Error> {
    let file = file_name(path);
    if file.starts_with('.') || file.eq_ignore_ascii_case("readme.md") {
        return None;
    }
    let homes: Vec<String> = folders()
        .map(|folder| format!("`queries/{folder}/`"))
        .collect();
    let message = format!(
        "cannot use `queries/{name}`: expected a file `<name>.sql` in {}, found one that no run reads",
        homes.join(", ")
    );
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.unwrap_or_default();
    let home = home_of(&stem).or_else(|| {
        let (folder, _) = name.split_once('/')?;
        nearest(folder, folders())
    });
    Some(Error::new(ErrorKind::Query, message).hint(match home {
        Some(home) => format!("is `queries/{home}/{stem}.sql` meant?"),
        None => "move it to the folder that it belongs to, or remove it".to_owned(),
    }))
}

fn folders() -> impl Iterator<Item = &'static str> {
    FOLDERS.into_iter().chain([AUDITS])
}

/// Returns the folder that has a built-in query of that name.
fn home_of(stem: &str) -> Option<&'static str> {
    folders().find(|folder| built_in_text(folder, stem).is_some())
}

fn file_name(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default()
}
