//! To which deployment an incident is laid: the explicit link, else the change, else
//! the CI touched, else the system.

use std::collections::{BTreeMap, BTreeSet};

use super::deployment::Deployment;
use super::{Instant, as_of, days};
use crate::support::Project;
use crate::support::table::Record;

/// How far a guess looks back, in days.
const LOOKBACK_DAYS: i64 = 7;

/// One incident with what it is laid to.
#[derive(Debug)]
pub(super) struct Incident {
    pub(super) system: Option<String>,
    pub(super) item: Option<String>,
    pub(super) opened_at: Instant,
    pub(super) cause: Option<Cause>,
}

/// The deployment that an incident is laid to.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) id: String,
    pub(super) finished_at: Instant,
    /// The source names it, itself or by its change.
    pub(super) is_named: bool,
}

impl Cause {
    fn new(deployment: &Deployment, is_named: bool) -> Self {
        Self {
            id: deployment.id.clone(),
            finished_at: deployment.finished_at,
            is_named,
        }
    }
}

/// What the guesses look at.
struct Surroundings<'d> {
    deployments: &'d [Deployment],
    touched: BTreeMap<String, BTreeSet<String>>,
    cis: BTreeMap<String, (String, Option<String>)>,
}

/// Returns the incidents (no problems, no reports) with their causes.
pub(super) fn attribute(project: &Project, deployments: &[Deployment]) -> Vec<Incident> {
    let surroundings = Surroundings {
        deployments,
        touched: touched_components(project, deployments),
        cis: configuration_items(project),
    };
    let table = project.query(
        "select opened_at, system, ci_id, deployment_id, change_id, item_id from incidents \
         where coalesce(kind, 'incident') = 'incident'",
    );
    let incidents = table.records().filter_map(|row| {
        let opened_at = row.instant("opened_at").filter(|at| *at <= as_of())?;
        Some(Incident {
            system: row.word("system").map(str::to_owned),
            item: row.word("item_id").map(str::to_owned),
            opened_at,
            cause: find_cause(row, opened_at, &surroundings),
        })
    });
    incidents.collect()
}

fn find_cause(row: Record<'_>, opened_at: Instant, around: &Surroundings<'_>) -> Option<Cause> {
    let begun = || {
        around
            .deployments
            .iter()
            .filter(|d| d.started_at <= opened_at)
    };
    let link = row.word("deployment_id");
    let linked = link.and_then(|link| begun().find(|d| d.id == link));
    if let Some(deployment) = linked {
        return Some(Cause::new(deployment, true));
    }
    if let Some(change) = row.word("change_id") {
        let of_change = begun().filter(|d| d.counts() && d.change.as_deref() == Some(change));
        if let Some(deployment) = latest(of_change) {
            return Some(Cause::new(deployment, true));
        }
    }
    let recent = |d: &&Deployment| {
        d.counts() && d.finished_at <= opened_at && d.finished_at >= opened_at - days(LOOKBACK_DAYS)
    };
    let near: Vec<&Deployment> = around.deployments.iter().filter(recent).collect();
    let guess = row
        .word("ci_id")
        .and_then(|ci| guess_by_ci(ci, &near, around))
        .or_else(|| {
            let system = row.word("system");
            latest(
                near.iter()
                    .copied()
                    .filter(|d| d.system.as_deref() == system),
            )
        });
    guess.map(|deployment| Cause::new(deployment, false))
}

/// The latest deployment of an item with that component, else of the CI's system.
fn guess_by_ci<'d>(
    ci: &str,
    near: &[&'d Deployment],
    around: &Surroundings<'_>,
) -> Option<&'d Deployment> {
    let known = around.cis.get(ci);
    let touches = |deployment: &&Deployment| {
        around
            .touched
            .get(&deployment.id)
            .is_some_and(|components| {
                components.contains(ci) || known.is_some_and(|(name, _)| components.contains(name))
            })
    };
    latest(near.iter().copied().filter(touches)).or_else(|| {
        let system = known.and_then(|(_, system)| system.as_ref())?;
        latest(
            near.iter()
                .copied()
                .filter(|d| d.system.as_ref() == Some(system)),
        )
    })
}

fn latest<'d>(deployments: impl Iterator<Item = &'d Deployment>) -> Option<&'d Deployment> {
    deployments
        .max_by(|left, right| (left.finished_at, &left.id).cmp(&(right.finished_at, &right.id)))
}

/// Returns the items that each deployment lists.
pub(super) fn held_items(project: &Project) -> BTreeMap<String, BTreeSet<String>> {
    let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let table = project.query("select deployment_id, item_id from deployment_items");
    for row in table.records() {
        let items = held
            .entry(row.text("deployment_id").to_owned())
            .or_default();
        items.insert(row.text("item_id").to_owned());
    }
    held
}

/// Returns the items that are hotfixes.
pub(super) fn hotfix_items(project: &Project) -> BTreeSet<String> {
    let table = project.query("select item_id from items where item_type = 'hotfix'");
    table
        .records()
        .map(|row| row.text("item_id").to_owned())
        .collect()
}

/// Returns the components that each deployment touches: those of its items, or of
/// its release's items where it lists none.
fn touched_components(
    project: &Project,
    deployments: &[Deployment],
) -> BTreeMap<String, BTreeSet<String>> {
    let held = held_items(project);
    let items = project.query(
        "select item_id, release_id, array_to_string(components, ';') as components from items",
    );
    let mut touched: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for deployment in deployments {
        let listed = held.get(&deployment.id);
        let is_in = |row: &Record<'_>| match listed {
            Some(listed) => listed.contains(row.text("item_id")),
            None => {
                deployment.release.is_some()
                    && row.word("release_id") == deployment.release.as_deref()
            }
        };
        let names = items.records().filter(is_in);
        let names = names.filter_map(|row| row.word("components"));
        let names = names.flat_map(|list| list.split(';')).map(str::to_owned);
        touched.insert(deployment.id.clone(), names.collect());
    }
    touched
}

/// Returns the name and the system of every configuration item.
fn configuration_items(project: &Project) -> BTreeMap<String, (String, Option<String>)> {
    let table = project.query("select ci_id, name, system from config_items");
    table
        .records()
        .map(|row| {
            let system = row.word("system").map(str::to_owned);
            (
                row.text("ci_id").to_owned(),
                (row.text("name").to_owned(), system),
            )
        })
        .collect()
}
