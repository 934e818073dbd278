//! `plimsoll generate`: a believable company's exports over two years.
//!
//! The history runs from 2024-07-01 to 2026-07-05, London time; the exports are
//! taken at midnight after it. The same number of items and the same seed give
//! the same bytes on every platform: all chance comes from `dice.rs`, in integers.
//! Nothing depends on the present time, and memory does not grow with the items.
//!
//! What goes in is written down in the generated README: a step in throughput, a
//! team whose pipeline decays, a team whose estimates drift, one that copies
//! them, a rush of late scope in the last week, and the ugliness of real exports.

mod arrival;
mod closing;
mod company;
mod delivery;
mod deployment;
mod dice;
mod export;
mod flow;
mod hotfix;
mod incident;
mod item;
mod project;
mod scope;
mod timeline;
mod wording;
mod words;

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use company::Company;
use delivery::plan_deliveries;
use deployment::Cargo;
use export::{World, write_exports};
use flow::walk_items;
use incident::plan_operations;

pub use export::WrittenFile;

/// The smallest company that has something to report.
const FEWEST_ITEMS: u64 = 50;
/// Item numbers share a 48-bit space with other subjects of chance.
const MOST_ITEMS: u64 = 100_000_000;

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Backlog items, from 50.
    pub items: u64,
    /// Where chance starts.
    pub seed: u64,
}

/// What was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Every file, by path.
    pub files: Vec<WrittenFile>,
}

/// Writes a whole project folder: `plimsoll.toml`, `README.md` and `exports/`.
///
/// # Errors
/// `Usage` where the number of items is out of range or the folder is not empty, `Io` where a file cannot be
/// written.
pub fn generate(folder: &Path, options: &Options) -> Result<Summary> {
    if !(FEWEST_ITEMS..=MOST_ITEMS).contains(&options.items) {
        let message = format!(
            "cannot generate a company: expected {FEWEST_ITEMS} to {MOST_ITEMS} items, found {}",
            options.items
        );
        return Err(Error::new(ErrorKind::Usage, message).hint("try `--items 400`"));
    }
    if !fs::list(folder)?.is_empty() {
        let message = format!(
            "cannot generate into `{}`: expected a new or empty folder, found files in it",
            folder.display()
        );
        return Err(Error::new(ErrorKind::Usage, message).hint("name another with `--to`"));
    }
    let world = build_world(options)?;
    let mut files = write_exports(folder, &world)?;
    files.extend(project::write_project(folder, options, &files)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Summary { files })
}

/// Plans everything that is not kept per item.
fn build_world(options: &Options) -> Result<World> {
    let mut company = Company::new(options);
    let slots = company.systems_per_train;
    let mut cargo = vec![Cargo::default(); company.releases.len() * slots];
    walk_items(&company, |item| {
        if let Some(release) = item.release {
            cargo[release * slots + company.slot_of(item.system)].load(&item);
        }
        Ok(())
    })?;
    let mut deliveries = plan_deliveries(&company, &cargo);
    let operations = plan_operations(&mut company, &mut deliveries);
    Ok(World {
        company,
        deliveries,
        operations,
    })
}

#[cfg(test)]
mod tests;
