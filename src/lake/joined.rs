//! Joined parts: the rows of many small parts in one file.
//!
//! ```text
//! lake/joined/<id>/joined.json, rows.parquet, rejects.parquet
//! ```
//! A source that brings a small export every hour would leave thousands of files to
//! be opened on every run. So the parts of a table are joined when they become many:
//! every row is kept, with the number of its part, in the order of the merge. Which
//! row of a key is the right one is not decided here, so a merge can leave out the
//! rows of an export that is gone and put the others into another order.
//!
//! # Invariants
//! - A joined file comes into being by one rename, with all that is known of its
//!   parts. Until then its parts have folders of their own, which are removed after.
//!   Where a part is in both, as a run that was killed may leave it, both are right.
//! - One that was joined into another is no longer read, even where it is still there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::merge::Run;
use super::parts::{Part, REJECTS, Slot, StoredRun, load_part, part_folder, parts_folder};
use super::run::Readings;
use super::{UNFINISHED, lake_folder, to_json};
use crate::error::Result;
use crate::fs;

/// The file with the rows of the parts that were joined.
pub const ROWS: &str = "rows.parquet";

/// What a joined file holds.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Joined {
    /// Its id: a hash of its parts and of what it stands for.
    pub id: String,
    /// Its rows, each with the number of its part.
    pub rows: StoredRun,
    /// The rows that were set aside, part after part; `None` where none were.
    pub rejects: Option<StoredRun>,
    /// The parts, whose numbers are their places here. They have no runs.
    pub parts: Vec<Part>,
    /// The ids of the joined files that were joined into this one.
    pub replaces: Vec<String>,
}

/// Some rows of a Parquet file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRange {
    /// The file.
    pub path: PathBuf,
    /// The rows before them.
    pub start: u64,
    /// Their number.
    pub rows: u64,
}

/// The parts of the lake, each in a folder of its own or joined with others.
#[derive(Debug, Clone)]
pub struct Parts {
    root: PathBuf,
    joined: Vec<Joined>,
    /// The place in `joined` of the file of a part, and the part's place in that.
    slots: HashMap<String, (usize, usize)>,
}

fn all_joined_folder(root: &Path) -> PathBuf {
    lake_folder(root).join("joined")
}

fn joined_folder(root: &Path, id: &str) -> PathBuf {
    all_joined_folder(root).join(id)
}

impl Parts {
    /// Loads what is known of the parts that are joined. A joined file that a crash
    /// or a hand has damaged is none, so its parts are missing.
    ///
    /// # Errors
    /// `Io` where one is there and cannot be read.
    pub fn load(root: &Path) -> Result<Self> {
        let mut joined = Vec::new();
        for folder in fs::list(&all_joined_folder(root))? {
            joined.extend(load_joined(&folder)?);
        }
        let replaced: BTreeSet<String> = joined
            .iter()
            .flat_map(|it| it.replaces.iter().cloned())
            .collect();
        joined.retain(|it| !replaced.contains(&it.id));
        let mut slots = HashMap::new();
        for (file, it) in joined.iter().enumerate() {
            for (place, part) in it.parts.iter().enumerate() {
                slots.insert(part.id.clone(), (file, place));
            }
        }
        Ok(Self {
            root: root.to_owned(),
            joined,
            slots,
        })
    }

    /// Returns a part; `None` where it is not there or not whole.
    ///
    /// # Errors
    /// `Io` where a file of it is there and cannot be read.
    pub fn find(&self, id: &str) -> Result<Option<Part>> {
        let Some((file, place)) = self.slots.get(id) else {
            return load_part(&self.root, id);
        };
        let joined = &self.joined[*file];
        let slot = Slot {
            joined: joined.id.clone(),
            place: *place,
        };
        Ok(Some(Part {
            joined: Some(slot),
            ..joined.parts[*place].clone()
        }))
    }

    /// Returns the joined file that a part is in.
    pub fn joined(&self, part: &Part) -> Option<&Joined> {
        let slot = part.joined.as_ref()?;
        self.joined.iter().find(|it| it.id == slot.joined)
    }

    /// Returns the ids of those parts whose rows are not as they were written.
    ///
    /// # Errors
    /// `Io` where a file cannot be read.
    pub fn find_damaged(&self, parts: &[&Part]) -> Result<BTreeSet<String>> {
        let mut is_whole: BTreeMap<&str, bool> = BTreeMap::new();
        let mut damaged = BTreeSet::new();
        for part in parts {
            let is_part_whole = match self.joined(part) {
                None => is_as_written(&part_folder(&self.root, &part.id), &part.runs)?,
                Some(joined) => match is_whole.get(joined.id.as_str()) {
                    Some(known) => *known,
                    None => {
                        let folder = joined_folder(&self.root, &joined.id);
                        let found = is_as_written(&folder, std::slice::from_ref(&joined.rows))?;
                        is_whole.insert(&joined.id, found);
                        found
                    }
                },
            };
            if !is_part_whole {
                damaged.insert(part.id.clone());
            }
        }
        Ok(damaged)
    }

    /// Returns the rows of these parts that were set aside, in their order.
    pub fn rejects(&self, parts: &[Part]) -> Vec<RowRange> {
        let mut ranges: Vec<RowRange> = Vec::new();
        for part in parts.iter().filter(|part| part.account.set_aside > 0) {
            let rows = part.account.set_aside;
            let (folder, start) = match self.slots.get(&part.id) {
                Some((file, place)) => {
                    let joined = &self.joined[*file];
                    let before = joined.parts[..*place].iter();
                    let start = before.map(|part| part.account.set_aside).sum();
                    (joined_folder(&self.root, &joined.id), start)
                }
                None => (part_folder(&self.root, &part.id), 0),
            };
            let path = folder.join(REJECTS);
            match ranges.last_mut() {
                Some(last) if last.path == path && last.start + last.rows == start => {
                    last.rows += rows;
                }
                _ => ranges.push(RowRange { path, start, rows }),
            }
        }
        ranges
    }
}

fn load_joined(folder: &Path) -> Result<Option<Joined>> {
    let path = folder.join("joined.json");
    let is_named = |joined: &Joined| folder.file_name().is_some_and(|name| *name == *joined.id);
    if !path.is_file() {
        return Ok(None);
    }
    let Ok(joined) = serde_json::from_slice::<Joined>(&fs::read(&path)?) else {
        return Ok(None);
    };
    if !is_named(&joined) || !folder.join(ROWS).is_file() {
        return Ok(None);
    }
    // The rows are many and so are looked at only when they are read.
    let is_whole = is_as_written(folder, joined.rejects.as_slice())?;
    Ok(is_whole.then_some(joined))
}

fn is_as_written(folder: &Path, files: &[StoredRun]) -> Result<bool> {
    for file in files {
        let path = folder.join(&file.file);
        if !path.is_file() || fs::hash(&path)? != file.sha256 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the sorted runs of parts, whose readings are numbered as the parts are
/// given.
pub fn part_runs(root: &Path, parts: &[&Part]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut asked_for: BTreeMap<&str, Vec<(usize, i64)>> = BTreeMap::new();
    for (reading, part) in (0..).zip(parts) {
        if let Some(slot) = &part.joined {
            let asked_for = asked_for.entry(&slot.joined).or_default();
            asked_for.push((slot.place, reading));
            continue;
        }
        let folder = part_folder(root, &part.id);
        runs.extend(part.runs.iter().map(|run| Run {
            path: folder.join(&run.file),
            readings: Readings::One(reading),
        }));
    }
    for (id, asked_for) in asked_for {
        let path = joined_folder(root, id).join(ROWS);
        let rising = rising(asked_for).into_iter();
        runs.extend(rising.map(|numbers| Run {
            path: path.clone(),
            readings: Readings::Renumbered(numbers),
        }));
    }
    runs
}

/// Divides the pairs (place in the joined file, number of the reading) so that in
/// each division the numbers rise with the places: its rows are then in the order of
/// the merge. There is one division, unless the readings have changed their order.
/// It gives the number of each place.
fn rising(mut pairs: Vec<(usize, i64)>) -> Vec<Vec<Option<i64>>> {
    pairs.sort_unstable();
    let mut divisions: Vec<Vec<Option<i64>>> = Vec::new();
    for (place, number) in pairs {
        let rises = |division: &&mut Vec<Option<i64>>| {
            let last = division.last().copied().flatten();
            division.len() <= place && last < Some(number)
        };
        let numbers = match divisions.iter_mut().find(rises) {
            Some(division) => division,
            None => {
                divisions.push(Vec::new());
                let last = divisions.len() - 1;
                &mut divisions[last]
            }
        };
        numbers.resize(place, None);
        numbers.push(Some(number));
    }
    divisions
}

/// Creates an empty folder for parts to be joined in.
///
/// # Errors
/// `Io`.
pub fn prepare_joined(root: &Path, id: &str) -> Result<PathBuf> {
    let folder = joined_folder(root, &format!("{id}.{UNFINISHED}"));
    fs::remove_dir_all(&folder)?;
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Puts joined parts in their place.
///
/// # Errors
/// `Io`.
pub fn commit_joined(root: &Path, joined: &Joined) -> Result<()> {
    let unfinished = joined_folder(root, &format!("{}.{UNFINISHED}", joined.id));
    let folder = joined_folder(root, &joined.id);
    fs::write_atomic(&unfinished.join("joined.json"), &to_json(joined)?)?;
    fs::remove_dir_all(&folder)?;
    fs::rename(&unfinished, &folder)
}

/// Removes a joined file; its parts are then missing.
///
/// # Errors
/// `Io`.
pub fn remove_joined(root: &Path, id: &str) -> Result<()> {
    fs::remove_dir_all(&joined_folder(root, id))
}

/// Removes the parts that none of these ids name, the folders of parts that are
/// joined, the joined files without a part that is named, and what was not finished.
///
/// # Errors
/// `Io`.
pub fn remove_other_parts(root: &Path, kept: &BTreeSet<String>) -> Result<()> {
    let parts = Parts::load(root)?;
    let is_named = |joined: &&Joined| joined.parts.iter().any(|part| kept.contains(&part.id));
    let named: BTreeSet<&str> = parts
        .joined
        .iter()
        .filter(is_named)
        .map(|joined| joined.id.as_str())
        .collect();
    let remove_unless = |folder: &Path, is_kept: &dyn Fn(&str) -> bool| {
        for path in fs::list(folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !is_kept(&name) {
                fs::remove_dir_all(&path)?;
            }
        }
        Ok(())
    };
    remove_unless(&all_joined_folder(root), &|id| named.contains(id))?;
    remove_unless(&parts_folder(root), &|id| {
        kept.contains(id) && !parts.slots.contains_key(id)
    })
}

#[cfg(test)]
mod tests;
