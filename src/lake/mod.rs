//! The lake: immutable snapshots of Parquet tables, each with a manifest, and the
//! marts that were computed from one.
//!
//! ```text
//! lake/current                       a link to the snapshot that runs read
//! lake/snapshots/<id>/<table>.parquet, manifest.json
//! lake/parts/<id>/                   what one export gave one table
//! lake/joined/<id>/                  what many small exports gave one table
//! lake/marts/<mart>.parquet, manifest.json
//! ```
//! A snapshot is written beside its place and renamed into it; `current` is
//! replaced by one rename. A reader sees the old lake or the new one.

mod account;
mod changes;
mod joined;
mod marts;
mod merge;
mod output;
mod parts;
mod rows;
mod run;
mod table_schema;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

pub use account::{Account, ExportAccount, unseen_everywhere};
pub use changes::{Changes, count_changes};
pub use joined::{
    Joined, Parts, ROWS, RowRange, commit_joined, part_runs, prepare_joined, remove_joined,
    remove_other_parts,
};
pub use marts::{
    MartManifest, StoredMart, commit_marts, has_marts, load_marts, marts_folder, prepare_marts,
};
pub use merge::{Fate, Run, join_runs, merge_runs};
pub use parts::{Part, REJECTS, Slot, StoredRun, commit_part, prepare_part};
pub use rows::{Rows, load_rows, to_parquet, write_batches};
pub use run::Readings;
pub(crate) use table_schema::ORDER;
pub use table_schema::table_schema;

/// How the folder of a snapshot ends until it is whole.
const UNFINISHED: &str = "unfinished";

/// What a snapshot holds and where it came from.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Manifest {
    /// The version of the table contract.
    pub contract_version: u32,
    /// The snapshot's id: a hash of the exports and of the configuration.
    pub snapshot: String,
    /// What became of the rows of each export.
    pub accounts: Vec<Account>,
    /// The tables.
    pub tables: Vec<StoredTable>,
    /// The parts that the tables were merged from.
    pub parts: Vec<String>,
    /// The files in `landing/` that they were read from; empty where that was not noted.
    #[serde(default)]
    pub landed: Vec<String>,
}

impl Manifest {
    /// Returns the rows that all exports have, each counted once.
    pub fn rows(&self) -> u64 {
        let exports = ExportAccount::group(&self.accounts);
        exports.iter().map(ExportAccount::rows).sum()
    }

    /// Returns a count over all exports and their tables.
    pub fn sum(&self, count: fn(&Account) -> u64) -> u64 {
        self.accounts.iter().map(count).sum()
    }
}

/// One table of a snapshot.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct StoredTable {
    /// The table's name.
    pub name: String,
    /// A hash of the parts that it was merged from.
    pub id: String,
    /// Whether a source feeds it.
    pub is_fed: bool,
    /// Its file in the snapshot's folder.
    pub file: String,
    /// Its columns, each with its type.
    pub columns: Vec<String>,
    /// Its number of rows.
    pub rows: u64,
    /// The SHA-256 of its file.
    pub sha256: String,
}

/// Returns the folder of all that is kept.
pub fn lake_folder(root: &Path) -> PathBuf {
    root.join("lake")
}

/// Returns the folder for what a query cannot hold in memory; empty between runs.
pub fn spill_folder(root: &Path) -> PathBuf {
    lake_folder(root).join("spill")
}

/// Returns the file that a run locks.
pub fn lock_path(root: &Path) -> PathBuf {
    lake_folder(root).join("lock")
}

/// Returns the file with the project's own key of the pseudonyms.
pub fn person_key_path(root: &Path) -> PathBuf {
    lake_folder(root).join("person.key")
}

/// Returns the folder of a snapshot.
pub fn snapshot_folder(root: &Path, id: &str) -> PathBuf {
    lake_folder(root).join("snapshots").join(id)
}

fn unfinished_folder(root: &Path, id: &str) -> PathBuf {
    snapshot_folder(root, &format!("{id}.{UNFINISHED}"))
}

/// Loads the manifest of a snapshot; `None` where there is no such snapshot.
///
/// # Errors
/// `Io` where it is there and cannot be read.
pub fn load_snapshot(root: &Path, id: &str) -> Result<Option<Manifest>> {
    let path = snapshot_folder(root, id).join("manifest.json");
    if !path.exists() {
        return Ok(None);
    }
    parse_manifest(&path).map(Some)
}

/// Loads the manifest of a snapshot all of whose files are as they were written;
/// `None` where there is none, or one that a crash or a hand has damaged.
///
/// # Errors
/// `Io` where a file is there and cannot be read.
pub fn load_whole_snapshot(root: &Path, id: &str) -> Result<Option<Manifest>> {
    let Ok(Some(manifest)) = load_snapshot(root, id) else {
        return Ok(None);
    };
    let folder = snapshot_folder(root, id);
    for table in &manifest.tables {
        let path = folder.join(&table.file);
        if !path.is_file() || fs::hash(&path)? != table.sha256 {
            return Ok(None);
        }
    }
    Ok(Some(manifest))
}

/// Loads the manifest of the current snapshot.
///
/// # Errors
/// `Project` where nothing was ingested yet; `Io`.
pub fn load_current(root: &Path) -> Result<Manifest> {
    let pointer = lake_folder(root).join("current");
    let missing = || {
        Error::new(
            ErrorKind::Project,
            format!(
                "cannot read the lake: expected a snapshot named by `{}`, found none",
                pointer.display()
            ),
        )
        .hint("run `plimsoll ingest` first, or `plimsoll run` for everything")
    };
    let Some(id) = fs::link_target_name(&pointer)? else {
        return Err(missing());
    };
    load_snapshot(root, &id)?.ok_or_else(missing)
}

/// Creates an empty folder for the tables of a snapshot to be, and removes what
/// runs that failed have left.
///
/// # Errors
/// `Io`.
pub fn prepare_snapshot(root: &Path, id: &str) -> Result<PathBuf> {
    for left in fs::list(&lake_folder(root).join("snapshots"))? {
        if left.extension().is_some_and(|ending| ending == UNFINISHED) {
            fs::remove_dir_all(&left)?;
        }
    }
    let folder = unfinished_folder(root, id);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Finishes a prepared snapshot and makes it the current one.
///
/// # Errors
/// `Io`; the snapshot that was current stays so.
pub fn commit_snapshot(root: &Path, manifest: &Manifest) -> Result<()> {
    let unfinished = unfinished_folder(root, &manifest.snapshot);
    let folder = snapshot_folder(root, &manifest.snapshot);
    fs::write_atomic(&unfinished.join("manifest.json"), &to_json(manifest)?)?;
    fs::remove_dir_all(&folder)?;
    fs::rename(&unfinished, &folder)?;
    make_current(root, &manifest.snapshot)
}

/// Makes a snapshot the one that runs read.
///
/// # Errors
/// `Io`.
pub fn make_current(root: &Path, id: &str) -> Result<()> {
    let target = Path::new("snapshots").join(id);
    fs::replace_link(&target, &lake_folder(root).join("current"))
}

/// Removes all but the latest `keep` snapshots, and the parts that only those had.
/// The current one and the one that the marts were computed from always stay.
///
/// # Errors
/// `Io`.
pub fn remove_old_snapshots(root: &Path, current: &str, keep: usize) -> Result<()> {
    let mut folders = fs::list(&lake_folder(root).join("snapshots"))?;
    folders.sort_by_key(|folder| folder.metadata().and_then(|m| m.modified()).ok());
    let computed_from = load_marts(root).map_or_else(|_| String::new(), |marts| marts.snapshot);
    folders.retain(|folder| {
        let name = folder.file_name().unwrap_or_default();
        name != current && name != computed_from.as_str()
    });
    let surplus = (folders.len() + 1).saturating_sub(keep);
    folders
        .iter()
        .take(surplus)
        .try_for_each(|folder| fs::remove_dir_all(folder))?;
    remove_other_parts(root, &named_parts(root)?)
}

/// Returns the ids of the parts that a snapshot names.
///
/// # Errors
/// `Io` where a snapshot cannot be read.
pub fn named_parts(root: &Path) -> Result<BTreeSet<String>> {
    let mut parts = BTreeSet::new();
    for folder in fs::list(&lake_folder(root).join("snapshots"))? {
        let manifest = folder.join("manifest.json");
        if manifest.is_file() {
            parts.extend(parse_manifest::<Manifest>(&manifest)?.parts);
        }
    }
    Ok(parts)
}

/// Returns the landed files that a kept snapshot was read from; `None` where one does
/// not tell.
///
/// # Errors
/// `Io` where a snapshot cannot be read.
pub fn landed_files(root: &Path) -> Result<Option<BTreeSet<String>>> {
    let mut files = BTreeSet::new();
    for folder in fs::list(&lake_folder(root).join("snapshots"))? {
        let path = folder.join("manifest.json");
        if !path.is_file() {
            continue;
        }
        let manifest: Manifest = parse_manifest(&path)?;
        if manifest.landed.is_empty() {
            return Ok(None);
        }
        files.extend(manifest.landed);
    }
    Ok(Some(files))
}

fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value)
        .map_err(|e| Error::new(ErrorKind::Internal, "cannot write a manifest").caused_by(e))
}

fn parse_manifest<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    serde_json::from_slice(&fs::read(path)?).map_err(|e| {
        Error::new(ErrorKind::Io, format!("cannot read `{}`", path.display()))
            .caused_by(e)
            .hint("remove the folder that it lies in and run again")
    })
}
