//! Parts: what one export gave one table, kept so that an export that has not
//! changed is not read again.
//!
//! ```text
//! lake/parts/<id>/part.json, run-0.parquet, …, rejects.parquet
//! ```
//! The id is a hash of the export's bytes and of everything that decides what
//! becomes of its rows, so a part is never out of date: it is right or not asked for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Account, lake_folder, to_json};
use crate::error::Result;
use crate::fs;

/// What a part holds.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Part {
    /// The part's id.
    pub id: String,
    /// What was read; what the merge decides is still zero.
    pub account: Account,
    /// The sorted runs.
    pub runs: Vec<StoredRun>,
    /// The first row that was set aside, in words.
    pub first_reject: Option<String>,
}

/// One file of a part.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct StoredRun {
    /// Its name in the part's folder.
    pub file: String,
    /// Its number of rows.
    pub rows: u64,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

fn parts_folder(root: &Path) -> PathBuf {
    lake_folder(root).join("parts")
}

/// Returns the folder of a part.
pub fn part_folder(root: &Path, id: &str) -> PathBuf {
    parts_folder(root).join(id)
}

/// Loads a part; `None` where it is not there or not whole.
///
/// # Errors
/// `Io` where a file of it is there and cannot be read.
pub fn load_part(root: &Path, id: &str) -> Result<Option<Part>> {
    let folder = part_folder(root, id);
    let path = folder.join("part.json");
    if !path.is_file() {
        return Ok(None);
    }
    let Ok(part) = serde_json::from_slice::<Part>(&fs::read(&path)?) else {
        return Ok(None);
    };
    let is_there = |run: &StoredRun| folder.join(&run.file).is_file();
    Ok(part.runs.iter().all(is_there).then_some(part))
}

/// Returns whether the runs of a part are as they were written.
///
/// # Errors
/// `Io` where one cannot be read.
pub fn is_whole(root: &Path, part: &Part) -> Result<bool> {
    let folder = part_folder(root, &part.id);
    for run in &part.runs {
        if fs::hash(&folder.join(&run.file))? != run.sha256 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Creates an empty folder for a part to be.
///
/// # Errors
/// `Io`.
pub fn prepare_part(root: &Path, id: &str) -> Result<PathBuf> {
    let folder = parts_folder(root).join(format!("{id}.unfinished"));
    fs::remove_dir_all(&folder)?;
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Puts a prepared part in its place.
///
/// # Errors
/// `Io`.
pub fn commit_part(root: &Path, part: &Part) -> Result<()> {
    let unfinished = parts_folder(root).join(format!("{}.unfinished", part.id));
    let folder = part_folder(root, &part.id);
    fs::write_atomic(&unfinished.join("part.json"), &to_json(part)?)?;
    fs::remove_dir_all(&folder)?;
    fs::rename(&unfinished, &folder)
}

/// Removes the parts that none of these ids name.
///
/// # Errors
/// `Io`.
pub fn remove_other_parts(root: &Path, kept: &BTreeSet<String>) -> Result<()> {
    for folder in fs::list(&parts_folder(root))? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if !kept.contains(name.as_ref()) {
            fs::remove_dir_all(&folder)?;
        }
    }
    Ok(())
}
