//! The list behind every number of a release: one entry for each thing counted.
//!
//! A number is taken from the marts, its list from the rows; a test holds the two
//! together. An entry leads to its row in the tables of the same page.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::Serialize;

use super::model::{Item, Move, Release};
use super::slug::anchor;
use super::tables::MOST_ITEMS;
use crate::report::format;
use crate::report::page::Cell;

/// How many entries of a list the page shows; its JSON has all.
const MOST_ENTRIES: usize = 200;

/// A list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct List {
    /// Where numbers lead to.
    pub(super) anchor: &'static str,
    /// What the entries are.
    pub(super) title: &'static str,
    /// How many there are.
    pub(super) count: usize,
    pub(super) count_text: String,
    pub(super) entries: Vec<Cell>,
    /// What is said of entries that the page leaves to the JSON.
    pub(super) more: Option<String>,
    pub(super) entries_beyond: Vec<Cell>,
}

impl List {
    pub(super) fn new(anchor: &'static str, title: &'static str, mut entries: Vec<Cell>) -> Self {
        let count = entries.len();
        let entries_beyond = entries.split_off(MOST_ENTRIES.min(count));
        let more = (!entries_beyond.is_empty()).then(|| {
            format!(
                "{} of {}; the others are in the JSON of this page.",
                format::integer(entries.len()),
                format::integer(count)
            )
        });
        Self {
            anchor,
            title,
            count,
            count_text: format::integer(count),
            entries,
            more,
            entries_beyond,
        }
    }
}

/// A list of items: its anchor, what they are, and which.
type ItemList = (&'static str, &'static str, fn(&Item) -> bool);

const ITEM_LISTS: [ItemList; 11] = [
    (
        "planned",
        "Planned: in the release at its baseline",
        |item| item.is_planned,
    ),
    (
        "delivered",
        "Planned, in the release at its end, and delivered",
        |item| item.is_planned_delivery,
    ),
    (
        "missed",
        "Planned and not delivered with it",
        Item::is_missed,
    ),
    ("at-end", "In the release at its end, or now", |item| {
        item.is_in_at_end
    }),
    (
        "delivered-at-end",
        "In the release at its end, or now, and delivered",
        |item| item.is_in_at_end && item.is_delivered,
    ),
    (
        "timed",
        "In the release at its end, with a clock from commitment on",
        |item| item.is_in_at_end && item.cycle_days.is_some(),
    ),
    (
        "timed-delivered",
        "In the release at its end, with a clock, and delivered",
        |item| item.is_in_at_end && item.cycle_days.is_some() && item.is_delivered,
    ),
    (
        "timed-open",
        "In the release at its end, with a clock, and not delivered",
        |item| item.is_in_at_end && item.cycle_days.is_some() && !item.is_delivered,
    ),
    (
        "divided",
        "In the release at its end, every stay of their clock known",
        |item| item.is_in_at_end && item.active_days.is_some(),
    ),
    (
        "compared",
        "In the release at its end, with an estimate and effort",
        |item| item.is_in_at_end && item.is_compared(),
    ),
    (
        "deployed-only",
        "Deployed with the release, though the tracker never had them in it",
        |item| item.scope_part == "deployed_only",
    ),
];

/// A list of scope changes.
type MoveList = (&'static str, &'static str, fn(&Move) -> bool);

const MOVE_LISTS: [MoveList; 4] = [
    ("changes", "Scope changes since the baseline", |_| true),
    ("added", "Additions since the baseline", |one| {
        one.is_addition
    }),
    ("removed", "Removals since the baseline", |one| {
        !one.is_addition
    }),
    ("after-freeze", "Scope changes after the freeze", |one| {
        one.is_after_freeze == Some(true)
    }),
];

/// Returns the lists of a release that have an entry.
pub(super) fn build_lists(release: &Release, zone: Tz) -> Vec<List> {
    let mut lists = Vec::new();
    for (anchor, title, is_in) in ITEM_LISTS {
        let items = (0..).zip(&release.items).filter(|(_, item)| is_in(item));
        let entries = items.map(|(place, item)| item_entry(place, item));
        lists.push(List::new(anchor, title, entries.collect()));
    }
    for (anchor, title, is_in) in MOVE_LISTS {
        let changes = release.moves.iter().filter(|one| one.is_counted);
        let changes = changes.filter(|one| is_in(one));
        let entries = changes.map(|one| move_entry(release, one, zone));
        lists.push(List::new(anchor, title, entries.collect()));
    }
    lists.extend(deployment_lists(release));
    lists.extend(event_lists(release));
    lists.retain(|list| list.count > 0);
    lists
}

/// An item leads to its row where the page shows it.
fn item_entry(place: usize, item: &Item) -> Cell {
    let cell = Cell::text(&item.id);
    if place < MOST_ITEMS {
        cell.within(&format!("#{}", anchor("item", &item.id)))
    } else {
        cell
    }
}

fn move_entry(release: &Release, one: &Move, zone: Tz) -> Cell {
    let place = release.items.iter().position(|item| item.id == one.item_id);
    let what = match (one.is_addition, one.is_readded) {
        (true, true) => "came back",
        (true, false) => "came",
        (false, _) => "went",
    };
    let when = format::date(one.changed_at.with_timezone(&zone).date_naive());
    let cell = Cell::text(&one.item_id).noted(Some(&format!("{what} {when}")));
    match place {
        Some(place) if place < MOST_ITEMS => {
            cell.within(&format!("#{}", anchor("item", &one.item_id)))
        }
        _ => cell,
    }
}

fn deployment_lists(release: &Release) -> [List; 4] {
    let list = |name, title, is_in: fn(&super::model::Deployment) -> bool| {
        let deployments = release.deployments.iter().filter(|one| is_in(one));
        let entries = deployments
            .map(|one| Cell::text(&one.id).within(&format!("#{}", anchor("deployment", &one.id))));
        List::new(name, title, entries.collect())
    };
    [
        list("judged", "Deployments of which success is known", |one| {
            one.is_failed.is_some()
        }),
        list("failed", "Deployments that failed", |one| {
            one.is_failed == Some(true)
        }),
        list(
            "failed-explicit",
            "Deployments that failed by what the sources say alone",
            |one| one.is_failed_explicit == Some(true),
        ),
        list(
            "provisional",
            "Deployments that hold so far: incidents may still come",
            |one| one.is_provisional,
        ),
    ]
}

/// Each incident or repair once, however many deployments it is tied to.
fn event_lists(release: &Release) -> [List; 2] {
    let list = |name, title, is_incident: bool| {
        let events = release.events.iter().filter(|event| event.is_counted);
        let events = events.filter(|event| (event.kind == "incident") == is_incident);
        let mut seen = BTreeSet::new();
        let events = events.filter(|event| seen.insert(event.id.as_str()));
        let entries = events.map(|event| {
            let note = event.summary.as_deref().unwrap_or(&event.kind);
            Cell::text(&event.id).noted(Some(note)).within("#events")
        });
        List::new(name, title, entries.collect())
    };
    [
        list("incidents", "Incidents that count against it", true),
        list("repairs", "Rollbacks and hotfixes that answer it", false),
    ]
}
