//! What an item did when: its stays in stages, its clock, and the spans on it.

use std::collections::{BTreeMap, BTreeSet};

use super::item::Item;
use super::{Instant, as_of};
use crate::support::Project;

/// A stage of the workflow: name, place, kind.
pub(super) type Stage = (&'static str, u32, &'static str);

/// The sample's statuses with their stages.
const STAGES: [(&str, Stage); 9] = [
    ("New", ("Backlog", 1, "backlog")),
    ("Refining", ("Backlog", 1, "backlog")),
    ("Committed", ("Committed", 2, "waiting")),
    ("In build", ("Build", 3, "active")),
    ("In review", ("Review", 4, "active")),
    ("Staging", ("Staging", 5, "waiting")),
    ("CAB approval", ("CAB approval", 6, "approval")),
    ("Released", ("Done", 7, "done")),
    ("Declined", ("Done", 7, "done")),
];

/// An unbroken stay in one stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stay {
    /// None where no stage lists the status.
    pub(super) stage: Option<Stage>,
    pub(super) entered: Option<Instant>,
    /// None while it is there.
    pub(super) left: Option<Instant>,
    /// Whether it came from a later stage.
    pub(super) is_sent_back: bool,
}

/// A span that ends.
pub(super) type Span = (Instant, Instant);

/// Returns an item's stays in statuses.
pub(super) fn statuses(item: &Item) -> Vec<Stay> {
    let values = item.statuses();
    let mut stays = Vec::new();
    let mut furthest: Option<u32> = None;
    for (place, (entered, status)) in values.iter().enumerate() {
        let Some(status) = status else { continue };
        let known = STAGES.iter().find(|(name, _)| name == status);
        let stage = known.map(|(_, stage)| *stage);
        let position = stage.map(|stage| stage.1);
        stays.push(Stay {
            stage,
            entered: *entered,
            left: values.get(place + 1).and_then(|(from, _)| *from),
            is_sent_back: position.is_some() && position < furthest,
        });
        furthest = position.or(furthest);
    }
    stays
}

/// Returns an item's stays in stages: two statuses of one stage are one stay, of
/// which nobody knows the start unless both are dated.
pub(super) fn stays(item: &Item) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for status in statuses(item) {
        match stays.last_mut().filter(|stay| stay.stage == status.stage) {
            Some(stay) => {
                stay.left = status.left;
                stay.is_sent_back |= status.is_sent_back;
                if status.entered.is_none() {
                    stay.entered = None;
                }
            }
            None => stays.push(status),
        }
    }
    stays
}

/// Returns the spans in order, those that touch or overlap as one.
pub(super) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(to),
            None => merged.push((from, to)),
        }
    }
    merged
}

/// The clock of an item, from its commitment to its delivery or the as-of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) exclusion: Option<&'static str>,
    pub(super) committed_at: Option<Instant>,
    /// None where the item is left out.
    pub(super) span: Option<Span>,
}

/// What holds items up, and what any deployment holds.
pub(super) struct Waits {
    blocked: BTreeMap<String, Vec<Span>>,
    approval: BTreeMap<String, Vec<Span>>,
    deployed: BTreeSet<String>,
}

impl Waits {
    /// Loads the waits of `items`.
    pub(super) fn load(project: &Project, items: &[Item]) -> Self {
        let mut waits = Self {
            blocked: rows_of(
                project,
                "select item_id, raised_at as started, resolved_at as ended from dependencies",
            ),
            approval: rows_of(
                project,
                "select subject_id as item_id, requested_at as started, decided_at as ended \
                 from approvals where subject_type = 'item'",
            ),
            deployed: deployed_items(project),
        };
        for item in items {
            let blocked = waits.blocked.entry(item.id.clone()).or_default();
            for (from, to) in item.flagged() {
                blocked.extend(from.map(|from| (from, to.unwrap_or_else(as_of))));
            }
            *blocked = merged(std::mem::take(blocked));
            let approval = waits.approval.entry(item.id.clone()).or_default();
            for stay in statuses(item) {
                if let (Some((_, _, "approval")), Some(entered)) = (stay.stage, stay.entered) {
                    approval.push((entered, stay.left.unwrap_or_else(as_of)));
                }
            }
            *approval = merged(std::mem::take(approval));
        }
        waits
    }

    /// Returns the clock of an item.
    pub(super) fn clock(&self, item: &Item) -> Clock {
        let committed_at = item.committed_at();
        let present = statuses(item).last().and_then(|stay| stay.stage);
        let is_done = present.is_some_and(|(_, _, kind)| kind == "done");
        let exclusion = match (committed_at, item.delivered_at) {
            (None, None) if !is_done => Some("not_started"),
            (None, _) => Some("no_commitment"),
            (Some(committed), Some(delivered)) if delivered < committed => Some("negative_span"),
            (Some(_), Some(_)) => None,
            (Some(_), None) => {
                let is_over = is_done && !self.deployed.contains(&item.id);
                is_over.then_some("closed_undelivered")
            }
        };
        let end = item.delivered_at.unwrap_or_else(as_of);
        let span = committed_at.filter(|_| exclusion.is_none());
        Clock {
            exclusion,
            committed_at,
            span: span.map(|committed| (committed, end)),
        }
    }

    /// Returns whether an item was blocked at an instant.
    pub(super) fn is_blocked(&self, item: &Item, at: Instant) -> bool {
        lies_in(&self.blocked[&item.id], at)
    }

    /// Returns whether an item waited for an approval at an instant.
    pub(super) fn is_in_approval(&self, item: &Item, at: Instant) -> bool {
        lies_in(&self.approval[&item.id], at)
    }

    /// Returns all instants at which a wait begins or ends.
    pub(super) fn edges(&self, item: &Item) -> impl Iterator<Item = Instant> {
        let spans = self.blocked[&item.id]
            .iter()
            .chain(&self.approval[&item.id]);
        spans.flat_map(|(from, to)| [*from, *to])
    }

    /// Returns the instants at which an item became blocked or free.
    pub(super) fn blocked_edges(&self, item: &Item) -> impl Iterator<Item = Instant> {
        let spans = self.blocked[&item.id].iter();
        spans.flat_map(|(from, to)| [*from, *to])
    }
}

fn lies_in(spans: &[Span], at: Instant) -> bool {
    spans.iter().any(|(from, to)| *from <= at && at < *to)
}

/// Reads spans by item, cut at the as-of.
fn rows_of(project: &Project, sql: &str) -> BTreeMap<String, Vec<Span>> {
    let mut spans: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for row in project.query(sql).records() {
        if let Some(started) = row.instant("started") {
            let ended = row.instant("ended").unwrap_or_else(as_of).min(as_of());
            let spans = spans.entry(row.text("item_id").to_owned()).or_default();
            spans.push((started, ended));
        }
    }
    spans
}

/// Returns the items that some deployment holds, whatever its environment.
fn deployed_items(project: &Project) -> BTreeSet<String> {
    let table = project.query(
        "select item_id, finished_at from deployment_items inner join deployments \
         using (deployment_id)",
    );
    let rows = table.records();
    let seen = rows.filter(|row| row.instant("finished_at") <= Some(as_of()));
    seen.map(|row| row.text("item_id").to_owned()).collect()
}

/// What an item did in one piece of its clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// The stay in which it lies, counted from 0.
    pub(super) stay: usize,
    pub(super) stage: Option<Stage>,
    /// None in a status without a stage.
    pub(super) activity: Option<&'static str>,
    pub(super) span: Span,
}

/// Cuts what is known of an item's clock where it moved on, became blocked or free.
pub(super) fn pieces(item: &Item, waits: &Waits) -> Vec<Piece> {
    let Some(clock) = waits.clock(item).span else {
        return Vec::new();
    };
    let mut pieces = Vec::new();
    for (place, stay) in stays(item).into_iter().enumerate() {
        let Some(entered) = stay.entered else {
            continue;
        };
        let from = entered.max(clock.0);
        let to = stay.left.unwrap_or_else(as_of).min(clock.1);
        let mut edges: Vec<Instant> = waits.blocked_edges(item).collect();
        edges.retain(|edge| from < *edge && *edge < to);
        edges.insert(0, from);
        edges.push(to);
        for pair in edges.windows(2).filter(|_| from < to) {
            let activity = stay.stage.map(|(_, _, kind)| match kind {
                _ if waits.is_blocked(item, pair[0]) => "blocked",
                "active" => "active",
                _ => "waiting",
            });
            pieces.push(Piece {
                stay: place,
                stage: stay.stage,
                activity,
                span: (pair[0], pair[1]),
            });
        }
    }
    pieces
}
