//! Which completed production deployments failed.

use std::collections::{BTreeMap, BTreeSet};

use super::attribution::{self, Incident, Method};
use super::{Instant, as_of, hours_between};
use crate::support::Project;

/// The headline window in hours.
pub(super) const WINDOW_HOURS: f64 = 72.0;

/// One deployment that had ended by the end of the data.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) id: String,
    pub(super) release: Option<String>,
    pub(super) system: Option<String>,
    pub(super) change: Option<String>,
    pub(super) started_at: Instant,
    pub(super) finished_at: Instant,
    pub(super) is_production: bool,
    pub(super) is_completed: bool,
    pub(super) is_success: bool,
    pub(super) rollback_of: Option<String>,
    pub(super) hotfix_of: Option<String>,
    is_failed: bool,
}

impl Deployment {
    /// Returns whether it can fail or be blamed.
    pub(super) fn counts(&self) -> bool {
        self.is_production && self.is_completed
    }
}

/// Loads the deployments.
pub(super) fn load(project: &Project) -> Vec<Deployment> {
    let table = project.query(
        "select deployment_id, release_id, system, environment, started_at, finished_at, \
         result, rollback_of, hotfix_of, change_id from deployments",
    );
    let own = |text: Option<&str>| text.map(str::to_owned);
    table
        .records()
        .map(|row| {
            let finished_at = row.instant("finished_at").expect("it is required");
            Deployment {
                id: row.text("deployment_id").to_owned(),
                release: own(row.word("release_id")),
                system: own(row.word("system")),
                change: own(row.word("change_id")),
                started_at: row.instant("started_at").unwrap_or(finished_at),
                finished_at,
                is_production: row.text("environment") == "prod",
                is_completed: row.text("result") != "cancelled",
                is_success: row.text("result") == "success",
                is_failed: ["failure", "rolled_back"].contains(&row.text("result")),
                rollback_of: own(row.word("rollback_of")),
                hotfix_of: own(row.word("hotfix_of")),
            }
        })
        .filter(|deployment| deployment.finished_at <= as_of())
        .collect()
}

/// Which links between incidents and deployments count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// All, guessed ones too.
    All,
    /// What an incident itself names.
    Named,
}

/// Returns the verdict on every completed production deployment; `None` where nobody
/// records incidents of its system.
pub(super) fn judge(
    project: &Project,
    deployments: &[Deployment],
    reading: Reading,
) -> BTreeMap<String, Option<bool>> {
    let mut incidents = attribution::attribute(project, deployments);
    incidents.retain(|incident| incident.is_incident);
    let watched = watched_systems(&incidents, deployments);
    let is_any_unnamed = incidents
        .iter()
        .any(|incident| incident.system.is_none() && incident.cause.is_none());
    let does_count = |incident: &Incident| match (&incident.cause, reading) {
        (Some(cause), Reading::Named) => cause.method == Method::Deployment,
        _ => true,
    };
    incidents.retain(does_count);
    let holdings = attribution::held_items(project);
    let hotfixes = attribution::hotfix_items(project);
    let judged = deployments.iter().filter(|deployment| deployment.counts());
    judged
        .map(|deployment| {
            let is_watched = is_any_unnamed || watched.contains(&deployment.system);
            let is_failed = deployment.is_failed
                || is_repaired(deployment, deployments)
                || has_incident(deployment, &incidents)
                || is_answered(deployment, deployments, &incidents, &holdings, &hotfixes);
            (deployment.id.clone(), is_watched.then_some(is_failed))
        })
        .collect()
}

fn watched_systems(incidents: &[Incident], deployments: &[Deployment]) -> BTreeSet<Option<String>> {
    let named = incidents
        .iter()
        .filter_map(|incident| incident.system.clone());
    let blamed = incidents.iter().filter_map(|incident| {
        let cause = incident.cause.as_ref()?;
        deployments
            .iter()
            .find(|deployment| deployment.counts() && deployment.id == cause.id)
    });
    let blamed = blamed.map(|deployment| deployment.system.clone());
    named.map(Some).chain(blamed).collect()
}

/// A later completed deployment takes it back or repairs it, and says so.
fn is_repaired(deployment: &Deployment, deployments: &[Deployment]) -> bool {
    let id = Some(&deployment.id);
    let later = deployments.iter().filter(|later| {
        later.is_completed
            && later.id != deployment.id
            && later.finished_at >= deployment.finished_at
    });
    later
        .into_iter()
        .any(|later| later.rollback_of.as_ref() == id || later.hotfix_of.as_ref() == id)
}

fn has_incident(deployment: &Deployment, incidents: &[Incident]) -> bool {
    incidents.iter().any(|incident| {
        let cause = incident
            .cause
            .as_ref()
            .filter(|cause| cause.id == deployment.id);
        cause.is_some_and(|cause| {
            hours_between(cause.finished_at, incident.opened_at) <= WINDOW_HOURS
        })
    })
}

/// A later production deployment carries the hotfix item of an incident of it. A
/// guessed cause must lie within the window.
fn is_answered(
    deployment: &Deployment,
    deployments: &[Deployment],
    incidents: &[Incident],
    holdings: &BTreeMap<String, BTreeSet<String>>,
    hotfixes: &BTreeSet<String>,
) -> bool {
    let mine = incidents.iter().filter(|incident| {
        incident.cause.as_ref().is_some_and(|cause| {
            let hours = hours_between(cause.finished_at, incident.opened_at);
            cause.id == deployment.id && (cause.is_named() || hours <= WINDOW_HOURS)
        })
    });
    let answers = mine.filter_map(|incident| incident.item.as_ref());
    let mut answers = answers.filter(|item| hotfixes.contains(*item));
    answers.any(|item| {
        deployments.iter().any(|later| {
            let holds = holdings
                .get(&later.id)
                .is_some_and(|held| held.contains(item));
            later.counts() && later.finished_at > deployment.finished_at && holds
        })
    })
}
