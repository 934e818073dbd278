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
    pub(super) delivered_at: Option<Instant>,
    stated_commitment: Option<Instant>,
    has_status_log: bool,
    statuses: Vec<Value>,
    estimates: Vec<Value>,
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
    let statuses = logged_values(project, "status");
    let estimates = logged_values(project, "estimate_hours");
    let table = project.query(
        "select item_id, status, estimate_hours, created_at, committed_at, resolved_at from items",
    );
    let seen = |row: &Record<'_>| row.instant("created_at").is_none_or(|at| at <= as_of());
    table
        .records()
        .filter(seen)
        .map(|row| {
            let id = row.text("item_id").to_owned();
            let standing = row.word("status").map(str::to_owned);
            let created = row.instant("created_at");
            let since = match row.text("status") {
                done if DONE.contains(&done) => row.instant("resolved_at"),
                COMMITMENT => row.instant("committed_at"),
                backlog if BACKLOG.contains(&backlog) => created,
                _ => None,
            };
            Item {
                delivered_at: deliveries.get(&id).copied(),
                stated_commitment: row.instant("committed_at"),
                has_status_log: statuses.contains_key(&id),
                statuses: history(statuses.get(&id), created, since, standing),
                estimates: history(
                    estimates.get(&id),
                    created,
                    created,
                    row.word("estimate_hours").map(str::to_owned),
                ),
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
    let before = Value {
        from: created,
        text: changes[0].old.clone(),
    };
    let seen = changes.iter().filter(|change| change.at <= as_of());
    let later = seen.map(|change| Value {
        from: Some(change.at),
        text: change.new.clone(),
    });
    std::iter::once(before).chain(later).collect()
}

/// Returns the first successful production deployment that holds each item.
fn first_deliveries(project: &Project) -> BTreeMap<String, Instant> {
    let held = project.query(
        "select deployment_items.item_id, deployments.finished_at from deployments \
         inner join deployment_items using (deployment_id) \
         where deployments.environment = 'prod' and deployments.result = 'success'",
    );
    let mut first: BTreeMap<String, Instant> = BTreeMap::new();
    for row in held.records() {
        let end = row.instant("finished_at").expect("it is required");
        if end <= as_of() {
            let known = first.entry(row.text("item_id").to_owned()).or_insert(end);
            *known = end.min(*known);
        }
    }
    first
}
