//! Parts: what one export gave one table, kept so that an export that has not
//! changed is not read again.
//!
//! ```text
//! lake/parts/<id>/part.json, run-0.parquet, …, rejects.parquet
//! ```
//! Many small parts are joined (`joined.rs`), and then have no folder of their own.
//! The id is a hash of the export's bytes and of everything that decides what
//! becomes of its rows, so a part is never out of date: it is right or not asked for.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Account, lake_folder, to_json};
use crate::error::Result;
use crate::fs;

/// The file of the rows of a part that were set aside; a part without any has none.
pub const REJECTS: &str = "rejects.parquet";

/// What a part holds.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Part {
    /// The part's id.
    pub id: String,
    /// What was read; what the merge decides is still zero.
    pub account: Account,
    /// The sorted runs; none where the part is joined with others.
    pub runs: Vec<StoredRun>,
    /// The first row that was set aside, in words.
    pub first_reject: Option<String>,
    /// Where its rows are among those of others.
    #[serde(skip)]
    pub joined: Option<Slot>,
}

impl Part {
    /// Returns the number of rows that a merge has from it.
    pub fn rows(&self) -> u64 {
        let Account {
            filtered,
            set_aside,
            ..
        } = self.account;
        self.account
            .mapped_rows()
            .saturating_sub(filtered + set_aside)
    }
}

/// A place among the parts that were joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The id of the joined file.
    pub joined: String,
    /// The number of the part in it.
    pub place: usize,
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

pub(super) fn parts_folder(root: &Path) -> PathBuf {
    lake_folder(root).join("parts")
}

/// Returns the folder of a part.
pub(super) fn part_folder(root: &Path, id: &str) -> PathBuf {
    parts_folder(root).join(id)
}

/// Loads a part that has a folder; `None` where it has none or is not whole.
pub(super) fn load_part(root: &Path, id: &str) -> Result<Option<Part>> {
    let folder = part_folder(root, id);
    let path = folder.join("part.json");
    if !path.is_file() {
        return Ok(None);
    }
    let Ok(part) = serde_json::from_slice::<Part>(&fs::read(&path)?) else {
        return Ok(None);
    };
    let is_there = |run: &StoredRun| folder.join(&run.file).is_file();
    let has_rejects = part.account.set_aside == 0 || folder.join(REJECTS).is_file();
    Ok((has_rejects && part.runs.iter().all(is_there)).then_some(part))
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
