//! Joining the parts of a table on the disk once they have become many.
//!
//! A run opens every file behind a table that has changed, so there may be
//! [`MOST_FILES`] of them; beyond, the smallest are joined (`lake/joined.rs` says
//! into what). Nothing is read from an export, nothing is decided about a row, and
//! no snapshot changes.
//!
//! How often a row is written again grows with the logarithm of the table: a file is
//! joined into another only where it is at most twice as large as the smaller ones
//! together, or where there are too many that are larger. So a large part stays as it
//! is, and one that is replaced every day is not written twice every day.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use super::rejects;
use crate::contract::{self, Table};
use crate::error::Result;
use crate::fs;
use crate::lake::{self, Joined, Part, Parts, REJECTS, ROWS, StoredRun};

/// How many parts and joined files a table may be merged from.
const MOST_FILES: usize = 32;

/// How many there are at most when some were joined.
const FILES_AFTER: usize = MOST_FILES / 2;

/// One part, or those that are joined already.
#[derive(Debug, Default)]
struct Unit {
    /// The id of the joined file.
    joined: Option<String>,
    /// The parts that the current snapshot names, each with its number in it.
    parts: Vec<(usize, Part)>,
    /// The joined parts that only earlier snapshots name.
    former: Vec<Part>,
    /// The rows that are read for it.
    rows: u64,
}

impl Unit {
    /// Returns whether most of what is read for it is of no use.
    fn is_wasteful(&self) -> bool {
        let current = self.parts.iter().map(|(_, part)| part.rows());
        let of_use = current.chain(self.former.iter().map(Part::rows));
        self.joined.is_some() && of_use.sum::<u64>() * 2 < self.rows
    }
}

/// Joins the parts of each table that has too many. `current` names the parts of the
/// current snapshot in the order of their readings.
///
/// # Errors
/// `Io`; all parts are then where they were.
pub(super) fn compact(root: &Path, current: &[String]) -> Result<()> {
    let parts = Parts::load(root)?;
    let named = lake::named_parts(root)?;
    let mut is_joined = false;
    for (table, units) in units(&parts, current, &named)? {
        let chosen = choose(units);
        if let (Some(table), false) = (contract::table(&table), chosen.is_empty()) {
            is_joined |= join(root, &parts, table, chosen)?;
        }
    }
    if is_joined {
        lake::remove_other_parts(root, &named)?;
    }
    Ok(())
}

/// Returns what each table is merged from.
fn units(
    parts: &Parts,
    current: &[String],
    named: &BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<Unit>>> {
    let mut tables: BTreeMap<String, BTreeMap<String, Unit>> = BTreeMap::new();
    let mut seen = HashSet::new();
    let is_current: HashSet<&String> = current.iter().collect();
    for (number, id) in current.iter().enumerate() {
        let Some(part) = parts.find(id)?.filter(|_| seen.insert(id)) else {
            continue;
        };
        let joined = parts.joined(&part);
        let name = joined.map_or(id, |joined| &joined.id);
        let units = tables.entry(part.account.table.clone()).or_default();
        let unit = units.entry(name.clone()).or_insert_with(|| Unit {
            joined: joined.map(|joined| joined.id.clone()),
            rows: joined.map_or(part.rows(), |joined| joined.rows.rows),
            ..Unit::default()
        });
        if let (Some(joined), true) = (joined, unit.parts.is_empty()) {
            let is_former =
                |part: &&Part| named.contains(&part.id) && !is_current.contains(&part.id);
            for part in joined.parts.iter().filter(is_former) {
                unit.former.extend(parts.find(&part.id)?);
            }
        }
        unit.parts.push((number, part));
    }
    let units = |units: BTreeMap<String, Unit>| units.into_values().collect();
    Ok(tables
        .into_iter()
        .map(|(table, found)| (table, units(found)))
        .collect())
}

/// Returns the units to join: the smallest where there are too many, and those that
/// hold little of use.
fn choose(mut units: Vec<Unit>) -> Vec<Unit> {
    units.sort_by_key(|unit| unit.rows);
    let rows: Vec<u64> = units.iter().map(|unit| unit.rows).collect();
    let small = count_to_join(&rows);
    let mut place = 0;
    units.retain(|unit| {
        place += 1;
        place <= small || unit.is_wasteful()
    });
    units
}

/// Returns how many of the units with so many rows, the smallest first, are joined:
/// enough to have few, and each next one that is at most twice as large as those
/// before it together.
fn count_to_join(rows: &[u64]) -> usize {
    if rows.len() <= MOST_FILES {
        return 0;
    }
    let least = rows.len() - FILES_AFTER + 1;
    let mut sum: u64 = rows[..least].iter().sum();
    let next = rows[least..].iter().take_while(|rows| {
        let is_joined = **rows <= 2 * sum;
        sum += **rows;
        is_joined
    });
    least + next.count()
}

/// Joins units; returns whether it did, which it does not where one is damaged: the
/// next merge of the table reads that export anew.
fn join(root: &Path, known: &Parts, table: &Table, units: Vec<Unit>) -> Result<bool> {
    let replaces: Vec<String> = units
        .iter()
        .filter_map(|unit| unit.joined.clone())
        .collect();
    let parts = in_order(units);
    let references: Vec<&Part> = parts.iter().collect();
    if !known.find_damaged(&references)?.is_empty() {
        return Ok(false);
    }
    let id = joined_id(&parts, &replaces);
    let folder = lake::prepare_joined(root, &id)?;
    let runs = lake::part_runs(root, &references);
    lake::join_runs(table, &runs, &folder.join(ROWS), &folder)?;
    let ranges = known.rejects(&parts);
    if !ranges.is_empty() {
        rejects::gather_rejects(&ranges, &folder.join(REJECTS))?;
    }
    let stored = |file: &str, rows: u64| -> Result<StoredRun> {
        Ok(StoredRun {
            file: file.to_owned(),
            rows,
            sha256: fs::hash(&folder.join(file))?,
        })
    };
    let set_aside = ranges.iter().map(|range| range.rows).sum();
    let joined = Joined {
        rows: stored(ROWS, parts.iter().map(Part::rows).sum())?,
        rejects: (set_aside > 0)
            .then(|| stored(REJECTS, set_aside))
            .transpose()?,
        id,
        parts: parts.into_iter().map(without_runs).collect(),
        replaces,
    };
    lake::commit_joined(root, &joined)?;
    tracing::debug!(
        table = table.name,
        parts = joined.parts.len(),
        rows = joined.rows.rows,
        "joined"
    );
    Ok(true)
}

/// Returns the parts in the order of their readings, behind them those without one.
fn in_order(units: Vec<Unit>) -> Vec<Part> {
    let mut current = Vec::new();
    let mut former = Vec::new();
    for unit in units {
        current.extend(unit.parts);
        former.extend(unit.former);
    }
    current.sort_by_key(|(number, _)| *number);
    let current = current.into_iter().map(|(_, part)| part);
    current.chain(former).collect()
}

fn without_runs(part: Part) -> Part {
    Part {
        runs: Vec::new(),
        joined: None,
        ..part
    }
}

fn joined_id(parts: &[Part], replaces: &[String]) -> String {
    let ids: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
    let text = format!("{} / {}", ids.join(" "), replaces.join(" "));
    fs::sha256(text.as_bytes())[..24].to_owned()
}

#[cfg(test)]
mod tests;
