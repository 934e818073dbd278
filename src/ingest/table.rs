//! One table of a snapshot: taken from the snapshot before where its parts are the
//! same, else merged from them.

use std::borrow::Cow;
use std::path::Path;

use super::part::Job;
use crate::config::Config;
use crate::contract::Table;
use crate::error::Result;
use crate::fs;
use crate::lake::{self, Account, Fate, Manifest, Part, StoredTable};

/// The parts of one table, by their number among all.
pub(super) struct Reading {
    pub(super) table: &'static Table,
    pub(super) parts: Vec<usize>,
}

impl Reading {
    pub(super) fn new(table: &'static Table) -> Self {
        Self {
            table,
            parts: Vec::new(),
        }
    }

    /// Returns the id of the table: equal for equal rows.
    pub(super) fn id(&self, parts: &[Part]) -> String {
        let ids = self.parts.iter().map(|place| parts[*place].id.as_str());
        let text = format!("{} {}", self.table.name, ids.collect::<Vec<_>>().join(" "));
        fs::sha256(text.as_bytes())
    }

    /// Writes the table into the snapshot to be in `folder`; returns it with what
    /// became of the rows of each export.
    ///
    /// # Errors
    /// `Io`; those of reading an export whose part is damaged.
    pub(super) fn write(
        &self,
        config: &Config,
        parts: &[Part],
        jobs: &[Job<'_>],
        before: Option<&Manifest>,
        folder: &Path,
    ) -> Result<(StoredTable, Vec<Account>)> {
        let id = self.id(parts);
        let root = &config.root;
        if let Some(known) = before.and_then(|before| reuse(root, before, &id, folder)) {
            return Ok(known);
        }
        let own = self.parts.iter().map(|place| &parts[*place]).collect();
        let jobs: Vec<&Job<'_>> = self.parts.iter().map(|place| &jobs[*place]).collect();
        let own = mend(own, &jobs)?;
        let own: Vec<&Part> = own.iter().map(Cow::as_ref).collect();
        let runs = lake::part_runs(root, &own);
        let file = format!("{}.parquet", self.table.name);
        let path = folder.join(&file);
        let fates = lake::merge_runs(self.table, &runs, own.len(), &path, folder)?;
        let account = |(part, fate): (&&Part, &Fate)| Account {
            kept: fate.kept,
            repeated: fate.repeated,
            superseded: fate.superseded,
            displaced: fate.displaced,
            ..part.account.clone()
        };
        let stored = StoredTable {
            name: self.table.name.to_owned(),
            id,
            is_fed: !own.is_empty(),
            columns: lake::table_schema(self.table)
                .fields()
                .iter()
                .map(|field| format!("{} {}", field.name(), field.data_type()))
                .collect(),
            rows: fates.iter().map(|fate| fate.kept).sum(),
            sha256: fs::hash(&path)?,
            file,
        };
        Ok((stored, own.iter().zip(&fates).map(account).collect()))
    }
}

/// Reads the exports anew whose parts are not as they were written.
fn mend<'a>(parts: Vec<&'a Part>, jobs: &[&Job<'_>]) -> Result<Vec<Cow<'a, Part>>> {
    let Some(first) = jobs.first() else {
        return Ok(Vec::new());
    };
    let damaged = first.known.find_damaged(&parts)?;
    // No run may find a part in a damaged file, so that goes first.
    for part in parts.iter().filter(|part| damaged.contains(&part.id)) {
        if let Some(slot) = &part.joined {
            lake::remove_joined(&first.config.root, &slot.joined)?;
        }
    }
    let mend = |(part, job): (&'a Part, &&Job<'_>)| {
        if damaged.contains(&part.id) {
            return job.build(part.id.clone()).map(Cow::Owned);
        }
        Ok(Cow::Borrowed(part))
    };
    parts.into_iter().zip(jobs).map(mend).collect()
}

fn reuse(
    root: &Path,
    before: &Manifest,
    id: &str,
    folder: &Path,
) -> Option<(StoredTable, Vec<Account>)> {
    let known = before.tables.iter().find(|table| table.id == id)?;
    let from = lake::snapshot_folder(root, &before.snapshot).join(&known.file);
    let is_whole = from.is_file() && fs::hash(&from).ok()? == known.sha256;
    if !is_whole || fs::link_or_copy(&from, &folder.join(&known.file)).is_err() {
        return None;
    }
    let accounts = before.accounts.iter().filter(|a| a.table == known.name);
    Some((known.clone(), accounts.cloned().collect()))
}
