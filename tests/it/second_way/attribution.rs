//! To which deployment an incident is laid: the explicit link, else the change, else
//! the CI touched, else the system.

use std::collections::{BTreeMap, BTreeSet};

use super::deployment::Deployment;
use super::{Instant, as_of, days};
use crate::support::Project;
use crate::support::table::Record;

/// How far a guess looks back, in days.
const LOOKBACK_DAYS: i64 = 7;

/// One incident, problem or report, with what it is laid to.
#[derive(Debug)]
pub(super) struct Incident {
    pub(super) id: String,
    /// An incident, and neither a problem nor a user's report.
    pub(super) is_incident: bool,
    pub(super) system: Option<String>,
    pub(super) item: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) severity: Option<f64>,
    pub(super) opened_at: Instant,
    pub(super) resolved_at: Option<Instant>,
    pub(super) cause: Option<Cause>,
}

/// The deployment that an incident is laid to.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) id: String,
    pub(super) finished_at: Instant,
    pub(super) method: Method,
}

/// How an incident is tied to a deployment, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Deployment,
    Change,
    Ci,
    System,
}

impl Method {
    /// The word for it, and how sure it is.
    pub(super) fn told(self) -> (&'static str, f64) {
        match self {
            Self::Deployment => ("deployment", 1.0),
            Self::Change => ("change", 0.9),
            Self::Ci => ("ci", 0.7),
            Self::System => ("system", 0.5),
        }
    }
}

impl Cause {
    fn new(deployment: &Deployment, method: Method) -> Self {
        Self {
            id: deployment.id.clone(),
            finished_at: deployment.finished_at,
            method,
        }
    }

    /// Whether the source names it, itself or by its change.
    pub(super) fn is_named(&self) -> bool {
        matches!(self.method, Method::Deployment | Method::Change)
    }
}

/// What the guesses look at.
struct Surroundings<'d> {
    deployments: &'d [Deployment],
    touched: BTreeMap<String, BTreeSet<String>>,
    cis: BTreeMap<String, (String, Option<String>)>,
}

/// Returns what was opened by the as-of, with its causes.
pub(super) fn attribute(project: &Project, deployments: &[Deployment]) -> Vec<Incident> {
    let surroundings = Surroundings {
        deployments,
        touched: touched_components(project, deployments),
        cis: configuration_items(project),
    };
    let table = project.query(
        "select incident_id, opened_at, resolved_at, system, ci_id, kind, severity, summary, \
         deployment_id, change_id, item_id from incidents",
    );
    let incidents = table.records().filter_map(|row| {
        let opened_at = row.instant("opened_at").filter(|at| *at <= as_of())?;
        let own = |column: &str| row.word(column).map(str::to_owned);
        Some(Incident {
            id: row.text("incident_id").to_owned(),
            is_incident: row.word("kind").is_none_or(|kind| kind == "incident"),
            summary: own("summary"),
            severity: row.number("severity"),
            resolved_at: row.instant("resolved_at").filter(|at| *at <= as_of()),
            system: own("system"),
            item: own("item_id"),
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
        return Some(Cause::new(deployment, Method::Deployment));
    }
    if let Some(change) = row.word("change_id") {
        let of_change = begun().filter(|d| d.counts() && d.change.as_deref() == Some(change));
        if let Some(deployment) = latest(of_change) {
            return Some(Cause::new(deployment, Method::Change));
        }
    }
    let recent = |d: &&Deployment| {
        d.counts() && d.finished_at <= opened_at && d.finished_at >= opened_at - days(LOOKBACK_DAYS)
    };
    let near: Vec<&Deployment> = around.deployments.iter().filter(recent).collect();
    let by_ci = row
        .word("ci_id")
        .and_then(|ci| guess_by_ci(ci, &near, around));
    if let Some(deployment) = by_ci {
        return Some(Cause::new(deployment, Method::Ci));
    }
    let system = row.word("system");
    let of_system = near.into_iter().filter(|d| d.system.as_deref() == system);
    latest(of_system).map(|deployment| Cause::new(deployment, Method::System))
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
