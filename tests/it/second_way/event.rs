//! What followed a release's deployments: incidents, rollbacks, hotfixes.

use std::collections::{BTreeMap, BTreeSet};

use super::attribution::{self, Incident};
use super::deployment::{self, Deployment, Reading, WINDOW_HOURS};
use super::rows::{Rows, instant, number, word};
use super::{Instant, as_of, hours_between};
use crate::support::Project;

/// Deployments with all that is known of them.
pub(super) struct Operations {
    pub(super) deployments: Vec<Deployment>,
    pub(super) incidents: Vec<Incident>,
    /// Whether each completed production deployment failed; None where nobody
    /// records incidents of its system.
    pub(super) verdicts: BTreeMap<String, Option<bool>>,
    /// The same by what the sources say alone.
    pub(super) named_verdicts: BTreeMap<String, Option<bool>>,
    /// The items that each deployment lists.
    pub(super) held: BTreeMap<String, BTreeSet<String>>,
    hotfixes: BTreeSet<String>,
}

/// A later deployment that answers another.
pub(super) struct Repair<'o> {
    pub(super) by: &'o Deployment,
    pub(super) is_rollback: bool,
    is_stated: bool,
}

impl Operations {
    /// Loads deployments and incidents and judges the ones by the others.
    pub(super) fn load(project: &Project) -> Self {
        let deployments = deployment::load(project);
        Self {
            incidents: attribution::attribute(project, &deployments),
            verdicts: deployment::judge(project, &deployments, Reading::All),
            named_verdicts: deployment::judge(project, &deployments, Reading::Named),
            held: attribution::held_items(project),
            hotfixes: attribution::hotfix_items(project),
            deployments,
        }
    }

    /// Returns the completed production deployments.
    pub(super) fn completed(&self) -> impl Iterator<Item = &Deployment> {
        self.deployments
            .iter()
            .filter(|deployment| deployment.counts())
    }

    /// Returns whether somebody records incidents where it went.
    pub(super) fn is_watched(&self, deployment: &Deployment) -> bool {
        self.verdicts[&deployment.id].is_some()
    }

    /// Returns whether a deployment lists an item.
    pub(super) fn holds(&self, deployment: &Deployment, item: &str) -> bool {
        let held = self.held.get(&deployment.id);
        held.is_some_and(|held| held.contains(item))
    }

    /// Returns what is laid to a deployment, with the hours after its end.
    fn laid_to(&self, deployment: &Deployment) -> impl Iterator<Item = (&Incident, f64)> {
        self.incidents.iter().filter_map(|incident| {
            let cause = incident.cause.as_ref()?;
            let hours = hours_between(cause.finished_at, incident.opened_at);
            (cause.id == deployment.id).then_some((incident, hours))
        })
    }

    /// Returns the incidents that count against a deployment.
    pub(super) fn counted(&self, deployment: &Deployment) -> Vec<&Incident> {
        let laid = self.laid_to(deployment);
        laid.filter(|(incident, hours)| incident.is_incident && *hours <= WINDOW_HOURS)
            .map(|(incident, _)| incident)
            .collect()
    }

    /// Returns what took a deployment back or mended it.
    pub(super) fn repairs(&self, deployment: &Deployment) -> Vec<Repair<'_>> {
        let id = Some(&deployment.id);
        let mut repairs = Vec::new();
        for by in &self.deployments {
            let is_later = by.finished_at >= deployment.finished_at && by.id != deployment.id;
            if by.is_completed && is_later && by.rollback_of.as_ref() == id {
                repairs.push(Repair {
                    by,
                    is_rollback: true,
                    is_stated: true,
                });
            }
            let is_declared = by.is_completed && is_later && by.hotfix_of.as_ref() == id;
            let answers = self.answered(deployment, by);
            if is_declared || !answers.is_empty() {
                let is_linked = answers.iter().any(|incident| {
                    let cause = incident.cause.as_ref();
                    cause.is_some_and(|cause| cause.method == attribution::Method::Deployment)
                });
                repairs.push(Repair {
                    by,
                    is_rollback: false,
                    is_stated: is_declared || is_linked,
                });
            }
        }
        repairs
    }

    /// Returns the incidents of a deployment of which a later one carries the hotfix.
    fn answered(&self, deployment: &Deployment, by: &Deployment) -> Vec<&Incident> {
        if !by.counts() || by.finished_at <= deployment.finished_at {
            return Vec::new();
        }
        let laid = self.laid_to(deployment).filter(|(incident, hours)| {
            let is_named = incident
                .cause
                .as_ref()
                .is_some_and(|cause| cause.is_named());
            let item = incident.item.as_ref();
            let is_hotfix =
                item.is_some_and(|item| self.hotfixes.contains(item) && self.holds(by, item));
            incident.is_incident && is_hotfix && (is_named || *hours <= WINDOW_HOURS)
        });
        laid.map(|(incident, _)| incident).collect()
    }

    /// Returns when service was restored after a failed deployment, if it is known.
    pub(super) fn restored_at(&self, deployment: &Deployment) -> Option<Instant> {
        let counted = self.counted(deployment);
        if counted.is_empty() {
            let repairs = self.repairs(deployment).into_iter();
            let worked = repairs.filter(|repair| repair.by.is_success);
            return worked.map(|repair| repair.by.finished_at).min();
        }
        let ends: Option<Vec<Instant>> = counted.iter().map(|one| one.resolved_at).collect();
        ends?.into_iter().max()
    }

    /// Returns whether a sound deployment may still turn out to have failed.
    pub(super) fn is_provisional(&self, deployment: &Deployment) -> bool {
        self.verdicts[&deployment.id] == Some(false)
            && hours_between(deployment.finished_at, as_of()) < WINDOW_HOURS
    }

    /// Returns whether a deployment answers an incident or another deployment.
    pub(super) fn is_rework(&self, deployment: &Deployment) -> bool {
        let is_declared = deployment.rollback_of.is_some() || deployment.hotfix_of.is_some();
        let carries_answer = self.incidents.iter().any(|incident| {
            let item = incident.item.as_ref();
            incident.is_incident
                && incident.opened_at <= deployment.finished_at
                && item.is_some_and(|item| self.holds(deployment, item))
        });
        let mends = || {
            let mut others = self.completed();
            others.any(|other| {
                let repairs = self.repairs(other);
                repairs.iter().any(|repair| repair.by.id == deployment.id)
            })
        };
        is_declared || carries_answer || mends()
    }
}

/// Recomputes `release_incidents`.
pub(super) fn events(operations: &Operations) -> Rows {
    let mut rows = Rows::new(
        "release_incidents",
        &["deployment_id", "event_kind", "event_id"],
    );
    for deployment in operations.completed() {
        let Some(release) = &deployment.release else {
            continue;
        };
        let is_watched = operations.is_watched(deployment);
        for (incident, hours) in operations.laid_to(deployment) {
            let cause = incident.cause.as_ref();
            let (method, confidence) = cause.expect("it has one").method.told();
            let is_counted = is_watched && incident.is_incident && hours <= WINDOW_HOURS;
            rows.push(
                &[&deployment.id, "incident", &incident.id],
                vec![
                    ("release_id", release.clone()),
                    ("method", method.to_owned()),
                    ("summary", word(incident.summary.as_deref())),
                    ("answered_by", word(incident.item.as_deref())),
                    ("severity", number(incident.severity)),
                    ("confidence", number(Some(confidence))),
                    ("hours_after", number(Some(hours))),
                    ("is_counted", is_counted.to_string()),
                    ("happened_at", instant(Some(incident.opened_at))),
                    ("resolved_at", instant(incident.resolved_at)),
                ],
            );
        }
        for repair in operations.repairs(deployment) {
            let kind = if repair.is_rollback {
                "rollback"
            } else {
                "hotfix"
            };
            let stated = repair.is_stated;
            let method = if stated { "stated" } else { "concluded" };
            let at = repair.by.finished_at;
            rows.push(
                &[&deployment.id, kind, &repair.by.id],
                vec![
                    ("release_id", release.clone()),
                    ("method", method.to_owned()),
                    ("summary", String::new()),
                    ("answered_by", String::new()),
                    ("severity", String::new()),
                    ("confidence", number(stated.then_some(1.0))),
                    (
                        "hours_after",
                        number(Some(hours_between(deployment.finished_at, at))),
                    ),
                    ("is_counted", is_watched.to_string()),
                    ("happened_at", instant(Some(at))),
                    ("resolved_at", String::new()),
                ],
            );
        }
    }
    rows
}
