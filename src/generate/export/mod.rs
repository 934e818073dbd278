//! The exports: one file per tool and table, as ugly as real ones.
//!
//! Files about items are written while the items are walked, one item at a time;
//! the rest, which is small, from what planning left.

mod audit;
mod catalog;
mod dependency;
mod deployment_sheet;
mod effort;
mod event;
mod governance;
mod item_governance;
mod item_sheet;
mod operation;
mod pipeline;
mod planning;
mod readiness;
mod release;
mod sheet;

use std::path::Path;

use super::closing::finish_item;
use super::company::Company;
use super::deployment::Deliveries;
use super::flow::walk_items;
use super::hotfix::build_hotfix_item;
use super::incident::Operations;
use super::item::Item;
use crate::error::Result;

pub(super) use sheet::{Form, Sheet, hours};

/// A file that was written, for the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Relative to the project's folder.
    pub path: String,
    /// Rows without the header; 0 for files that have none.
    pub rows: u64,
}

/// Everything that the exports tell of.
pub(super) struct World {
    pub(super) company: Company,
    pub(super) deliveries: Deliveries,
    pub(super) operations: Operations,
}

impl World {
    /// Returns the exported id of a deployment.
    pub(super) fn deployment_id(&self, deployment: usize) -> String {
        format!("DEP-{}", deployment + 1)
    }

    /// Returns the id of the request for change of a release.
    pub(super) fn change_id(&self, release: usize) -> String {
        format!("CHG{:06}", release + 1)
    }

    /// Returns the id of a release, or nothing.
    pub(super) fn release_id(&self, release: Option<usize>) -> &str {
        release.map_or("", |release| &self.company.releases[release].id)
    }
}

/// Writes all exports.
pub(super) fn write_exports(folder: &Path, world: &World) -> Result<Vec<WrittenFile>> {
    let mut files = write_items(folder, world)?;
    files.extend(release::write_releases(folder, world)?);
    files.push(deployment_sheet::write_deployments(folder, world)?);
    files.extend(operation::write_operations(folder, world)?);
    files.extend(planning::write_planning(folder, world)?);
    files.extend(catalog::write_catalog(folder, world)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Writes every file that has rows per item.
fn write_items(folder: &Path, world: &World) -> Result<Vec<WrittenFile>> {
    let mut items = item_sheet::ItemSheets::create(folder)?;
    let mut events = event::EventSheets::create(folder)?;
    let mut effort = effort::EffortSheet::create(folder)?;
    let mut runs = pipeline::RunSheet::create(folder, world)?;
    let mut cargo = deployment_sheet::CargoSheet::create(folder)?;
    let mut promises = dependency::PromiseSheets::create(folder)?;
    let mut papers = governance::GovernanceSheets::create(folder, world)?;
    let mut audits = audit::AuditSheets::create(folder, world)?;
    let mut write = |item: &Item| -> Result<()> {
        if !item.is_exported() {
            return Ok(());
        }
        items.write(world, item)?;
        events.write(world, item)?;
        effort.write(world, item)?;
        runs.write(world, item)?;
        cargo.write(world, item)?;
        promises.write(world, item)?;
        papers.write(world, item)?;
        audits.write(world, item)
    };
    walk_items(&world.company, |mut item| {
        let delivered = item.release.and_then(|release| {
            let place = world.deliveries.place(&world.company, release, item.system);
            world.deliveries.delivered[place]
        });
        finish_item(&world.company, &mut item, delivered);
        write(&item)
    })?;
    for hotfix in &world.operations.hotfixes {
        write(&build_hotfix_item(
            &world.company,
            &world.deliveries,
            hotfix,
        ))?;
    }
    let mut files = items.finish()?;
    files.extend(events.finish()?);
    files.push(effort.finish()?);
    files.push(runs.finish()?);
    files.push(cargo.finish()?);
    files.extend(promises.finish()?);
    files.extend(papers.finish()?);
    files.extend(audits.finish()?);
    Ok(files)
}
