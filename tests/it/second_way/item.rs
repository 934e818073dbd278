//! Items with their status and estimate histories, as the change log tells them.

use std::collections::BTreeMap;

use super::{Instant, as_of};
use crate::support::Project;
use crate::support::table::Record;

const BACKLOG: [&str; 2] = ["New", "Refining"];
const COMMITMENT: &str = "Committed";
const ACTIVE: [&str; 2] = ["In build", "In review"];
const DONE: [&str; 2] = ["Released", "Declined"];

/// One field's value from an instant on; `None` where it was cleared.
#[derive(Debug, Clone)]
struct Value {
    from: Option<Instant>,
    text: Option<String>,
}

/// One item.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) team: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) url: Option<String>,
    pub(super) created_at: Option<Instant>,
    pub(super) delivered_at: Option<Instant>,
    /// The deployment that delivered it.
    pub(super) deployment: Option<String>,
    pub(super) has_status_log: bool,
    stated_commitment: Option<Instant>,
    statuses: Vec<Value>,
    estimates: Vec<Value>,
    points: Vec<Value>,
    releases: Vec<Value>,
    blocked: Vec<Value>,
}

impl Item {
    /// The first entry into the commitment stage, else into a later stage of work;
    /// the stated instant, and nothing else, where no status change was logged.
    pub(super) fn committed_at(&self) -> Option<Instant> {
        if !self.has_status_log {
            return self.stated_commitment.filter(|at| *at <= as_of());
        }
        let is_work = |status: &str| !BACKLOG.contains(&status) && !DONE.contains(&status);
        self.first_entry(|status| status == COMMITMENT)
            .or_else(|| self.first_entry(is_work))
    }

    /// The statuses in order, each with the instant of its entry, if known.
    pub(super) fn statuses(&self) -> Vec<(Option<Instant>, Option<&str>)> {
        let statuses = self.statuses.iter();
        statuses
            .map(|value| (value.from, value.text.as_deref()))
            .collect()
    }

    /// The release that it is in now.
    pub(super) fn release(&self) -> Option<&str> {
        self.releases.last()?.text.as_deref()
    }

    /// The spans in which its flag was up; without an end while it is.
    pub(super) fn flagged(&self) -> Vec<(Option<Instant>, Option<Instant>)> {
        let ends = self.blocked.iter().skip(1).map(|value| value.from);
        let spans = self.blocked.iter().zip(ends.chain([None]));
        spans
            .filter(|(value, _)| value.text.as_deref() == Some("true"))
            .map(|(value, end)| (value.from, end))
            .collect()
    }

    /// The estimates in hours, or in story points, each with the instant from which
    /// it held, in order.
    pub(super) fn sizes(&self, in_hours: bool) -> Vec<(Option<Instant>, Option<f64>)> {
        let values = if in_hours {
            &self.estimates
        } else {
            &self.points
        };
        let number = |value: &Value| value.text.as_ref()?.parse().ok();
        values
            .iter()
            .map(|value| (value.from, number(value)))
            .collect()
    }

    /// The estimate when the first active stage was entered, else at commitment,
    /// else as it stands.
    pub(super) fn estimate_when_work_began(&self) -> Option<f64> {
        let active = self.first_entry(|status| ACTIVE.contains(&status));
        let began = active
            .filter(|began| self.delivered_at.is_some_and(|end| *began <= end))
            .or_else(|| self.committed_at());
        let value = match began {
            Some(began) => {
                let held = |value: &&Value| value.from.is_none_or(|from| from <= began);
                self.estimates.iter().rev().find(held)
            }
            None => self.estimates.last(),
        };
        value?.text.as_ref()?.parse().ok()
    }

    fn first_entry(&self, wanted: impl Fn(&str) -> bool) -> Option<Instant> {
        let entered = |value: &&Value| value.text.as_deref().is_some_and(&wanted);
        self.statuses
            .iter()
            .filter(entered)
            .filter_map(|value| value.from)
            .min()
    }
}

/// Returns the items that existed at the end of the data.
pub(super) fn load(project: &Project) -> Vec<Item> {
    let deliveries = first_deliveries(project);
    let log = |field| logged_values(project, field);
    let (statuses, estimates, points) = (log("status"), log("estimate_hours"), log("story_points"));
    let (releases, blocked) = (log("release"), log("blocked"));
    let table = project.query(
        "select item_id, title, team, item_type, source_url, status, estimate_hours, \
         story_points, release_id, created_at, committed_at, resolved_at from items",
    );
    let seen = |row: &Record<'_>| row.instant("created_at").is_none_or(|at| at <= as_of());
    table
        .records()
        .filter(seen)
        .map(|row| {
            let own = |column: &str| row.word(column).map(str::to_owned);
            let id = row.text("item_id").to_owned();
            let created = row.instant("created_at");
            let since = match row.text("status") {
                done if DONE.contains(&done) => row.instant("resolved_at"),
                COMMITMENT => row.instant("committed_at"),
                backlog if BACKLOG.contains(&backlog) => created,
                _ => None,
            };
            let stood = |changes: &BTreeMap<String, Vec<Change>>, column| {
                history(changes.get(&id), created, created, own(column))
            };
            let delivery = deliveries.get(&id);
            Item {
                title: own("title"),
                team: own("team"),
                kind: own("item_type"),
                url: own("source_url"),
                created_at: created,
                delivered_at: delivery.map(|(at, _)| *at),
                deployment: delivery.map(|(_, deployment)| deployment.clone()),
                has_status_log: statuses.contains_key(&id),
                stated_commitment: row.instant("committed_at"),
                statuses: history(statuses.get(&id), created, since, own("status")),
                estimates: stood(&estimates, "estimate_hours"),
                points: stood(&points, "story_points"),
                releases: stood(&releases, "release_id"),
                blocked: history(blocked.get(&id), created, created, None),
                id,
            }
        })
        .collect()
}

/// Returns the hours spent on each item.
pub(super) fn effort_hours(project: &Project) -> BTreeMap<String, f64> {
    // The last day of the data in London.
    let sql = "select item_id, hours from effort \
               where worked_on is null or worked_on <= date '2026-07-05'";
    let mut hours: BTreeMap<String, f64> = BTreeMap::new();
    for row in project.query(sql).records() {
        *hours.entry(row.text("item_id").to_owned()).or_default() +=
            row.number("hours").expect("hours are required");
    }
    hours
}

/// One change of a field.
struct Change {
    at: Instant,
    old: Option<String>,
    new: Option<String>,
}

fn logged_values(project: &Project, field: &str) -> BTreeMap<String, Vec<Change>> {
    let sql = format!(
        "select item_id, changed_at, old_value, new_value from item_events where field = '{field}'"
    );
    let mut changes: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for row in project.query(&sql).records() {
        let change = Change {
            at: row.instant("changed_at").expect("it is required"),
            old: row.word("old_value").map(str::to_owned),
            new: row.word("new_value").map(str::to_owned),
        };
        if change.old != change.new {
            changes
                .entry(row.text("item_id").to_owned())
                .or_default()
                .push(change);
        }
    }
    for changes in changes.values_mut() {
        changes.sort_by_key(|change| change.at);
    }
    changes
}

/// Returns the values of a field in order: before the first change what that change
/// replaced; without any change what stands, since `since`.
fn history(
    changes: Option<&Vec<Change>>,
    created: Option<Instant>,
    since: Option<Instant>,
    standing: Option<String>,
) -> Vec<Value> {
    let Some(changes) = changes else {
        return vec![Value {
            from: since,
            text: standing,
        }];
    };
    let was_ever = created.is_none_or(|created| created < changes[0].at);
    let before = was_ever.then(|| Value {
        from: created,
        text: changes[0].old.clone(),
    });
    let seen = changes.iter().filter(|change| change.at <= as_of());
    let later = seen.map(|change| Value {
        from: Some(change.at),
        text: change.new.clone(),
    });
    before.into_iter().chain(later).collect()
}

/// Returns the first successful production deployment that holds each item.
fn first_deliveries(project: &Project) -> BTreeMap<String, (Instant, String)> {
    let held = project.query(
        "select deployment_items.item_id, deployment_id, deployments.finished_at from deployments \
         inner join deployment_items using (deployment_id) \
         where deployments.environment = 'prod' and deployments.result = 'success'",
    );
    let mut first: BTreeMap<String, (Instant, String)> = BTreeMap::new();
    for row in held.records() {
        let end = row.instant("finished_at").expect("it is required");
        if end <= as_of() {
            let this = (end, row.text("deployment_id").to_owned());
            let known = first
                .entry(row.text("item_id").to_owned())
                .or_insert_with(|| this.clone());
            if this < *known {
                *known = this;
            }
        }
    }
    first
}
