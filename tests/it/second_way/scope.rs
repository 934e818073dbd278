//! What came into releases and went out of them, and what that did to their plans.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};
use chrono_tz::Europe::London;

use super::item::Item;
use super::release::Company;
use super::rows::{Rows, count, instant, number, word};
use super::{Instant, as_of};
use crate::support::Project;

/// The planning window of the sample in days.
const PLANNING_DAYS: u64 = 14;

/// One release, as it stood at the end of the data.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) id: String,
    /// Name, version, system, criticality, summary.
    pub(super) words: [Option<String>; 5],
    pub(super) status: Option<String>,
    pub(super) planned_at: Option<Instant>,
    pub(super) freeze_at: Option<Instant>,
    pub(super) released_at: Option<Instant>,
}

impl Release {
    /// Its end: its release, or the as-of.
    pub(super) fn closed_at(&self) -> Instant {
        self.released_at.unwrap_or_else(as_of)
    }
}

/// Loads the releases.
pub(super) fn releases(project: &Project) -> Vec<Release> {
    let table = project.query("select * from releases");
    let release = |row: crate::support::table::Record<'_>| {
        let own = |column| row.word(column).map(str::to_owned);
        let released = row.instant("released_at");
        let is_later = released > Some(as_of());
        let status = own("status");
        Release {
            id: row.text("release_id").to_owned(),
            words: ["name", "version", "system", "criticality", "summary"].map(own),
            status: match status.as_deref() {
                Some("released") if is_later => Some("in_progress".to_owned()),
                _ => status,
            },
            planned_at: row.instant("planned_at"),
            freeze_at: row.instant("freeze_at"),
            released_at: released.filter(|_| !is_later),
        }
    };
    table.records().map(release).collect()
}

/// A move of an item into a release or out of it.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) at: Instant,
    pub(super) is_removal: bool,
    /// Reason, approval, emergency.
    pub(super) said: [Option<String>; 3],
}

/// The moves of each item in each release, in order.
pub(super) type Stories = BTreeMap<(String, String), Vec<Move>>;

/// Loads the moves. A change to what holds already is none; an item whose first change
/// is its removal, or that is in a release which no change names, was in it from its
/// creation.
pub(super) fn stories(project: &Project, items: &[Item]) -> Stories {
    let known: BTreeMap<&str, &Item> = items.iter().map(|item| (item.id.as_str(), item)).collect();
    let changes = project.query("select * from scope_changes");
    let mut stated: Stories = BTreeMap::new();
    for row in changes.records() {
        let at = row.instant("changed_at").expect("it is required");
        let (release, item) = (row.text("release_id"), row.text("item_id"));
        if at <= as_of() && known.contains_key(item) {
            let key = (release.to_owned(), item.to_owned());
            let said = ["reason", "approval_id", "is_emergency"];
            stated.entry(key).or_default().push(Move {
                at,
                is_removal: row.text("action") == "removed",
                said: said.map(|column| row.word(column).map(str::to_owned)),
            });
        }
    }
    for item in items {
        if let Some(release) = item.release() {
            let key = (release.to_owned(), item.id.clone());
            stated.entry(key).or_default();
        }
    }
    for ((_, item), story) in &mut stated {
        story.sort_by_key(|change| (change.at, change.is_removal));
        if story.first().is_none_or(|first| first.is_removal) {
            let founding = Move {
                at: known[item.as_str()]
                    .created_at
                    .unwrap_or(DateTime::<Utc>::UNIX_EPOCH),
                is_removal: false,
                said: [None, None, None],
            };
            story.insert(0, founding);
        }
        let mut is_in = false;
        story.retain(|change| {
            let is_move = change.is_removal == is_in;
            is_in = !change.is_removal;
            is_move
        });
    }
    stated
}

/// Returns whether an item was in the release just after an instant.
fn is_in_at(story: &[Move], at: Instant) -> bool {
    let before = story.iter().take_while(|change| change.at <= at);
    before.last().is_some_and(|change| !change.is_removal)
}

/// The plan of a release, and what became of it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) baseline_at: Option<Instant>,
    pub(super) is_ahead: bool,
    pub(super) planned: BTreeSet<String>,
    /// All that ever were in it.
    pub(super) members: BTreeSet<String>,
    pub(super) by_end: BTreeSet<String>,
    pub(super) at_end: BTreeSet<String>,
    pub(super) changes: Vec<Change>,
}

/// A move between the baseline and the end.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) item: String,
    pub(super) number: usize,
    pub(super) is_removal: bool,
    pub(super) is_return: bool,
    /// Unknown without a freeze.
    pub(super) is_late: Option<bool>,
}

/// Reads off the plan of a release.
pub(super) fn plan(release: &Release, stories: &Stories, items: &[Item]) -> Plan {
    let own: Vec<(&str, &Vec<Move>)> = stories
        .iter()
        .filter(|((id, _), _)| *id == release.id)
        .map(|((_, item), story)| (item.as_str(), story))
        .collect();
    let end = release.closed_at();
    let those = |is_so: &dyn Fn(&[Move]) -> bool| {
        let found = own.iter().filter(|(_, story)| is_so(story));
        found.map(|(item, _)| (*item).to_owned()).collect()
    };
    let commitments = || {
        own.iter().filter_map(|(id, story)| {
            let committed = items.iter().find(|item| item.id == **id)?.committed_at()?;
            is_in_at(story, committed).then_some(committed)
        })
    };
    let baseline_at = match release.freeze_at {
        Some(freeze) => Some(days_before(freeze)),
        None => commitments().min(),
    };
    let mut plan = Plan {
        baseline_at,
        is_ahead: baseline_at > Some(as_of()),
        members: those(&|_| true),
        by_end: those(&|story| story.iter().any(|m| !m.is_removal && m.at <= end)),
        at_end: those(&|story| is_in_at(story, end)),
        ..Plan::default()
    };
    let Some(baseline) = baseline_at.filter(|at| *at <= as_of()) else {
        return plan;
    };
    plan.planned = those(&|story| is_in_at(story, baseline));
    for (item, story) in own {
        for (place, change) in story.iter().enumerate() {
            if change.at > baseline && change.at <= end {
                plan.changes.push(Change {
                    item: item.to_owned(),
                    number: place + 1,
                    is_removal: change.is_removal,
                    is_return: !change.is_removal && place > 0,
                    is_late: release.freeze_at.map(|freeze| change.at > freeze),
                });
            }
        }
    }
    plan
}

/// The same time of day, in London, before the planning window.
fn days_before(freeze: Instant) -> Instant {
    let local = freeze.with_timezone(&London);
    let earlier = local.checked_sub_days(Days::new(PLANNING_DAYS));
    earlier.expect("the day has that time").to_utc()
}

/// Returns the estimate that has moved over the planned one, in hours, or in points
/// where nothing planned has hours.
fn churn(release: &Release, plan: &Plan, stories: &Stories, items: &[Item]) -> Option<f64> {
    let baseline = plan.baseline_at?;
    let planned = items.iter().filter(|item| plan.planned.contains(&item.id));
    let planned: Vec<&Item> = planned.collect();
    [true, false].into_iter().find_map(|in_hours| {
        let (mut total, mut moved) = (0.0, 0.0);
        for item in &planned {
            let story = &stories[&(release.id.clone(), item.id.clone())];
            let left = story.iter().find(|m| m.is_removal && m.at > baseline);
            let until = left.map_or(release.closed_at(), |m| m.at.min(release.closed_at()));
            let sizes = item.sizes(in_hours);
            let held = sizes.iter().rev();
            let mut held = held.filter(|(from, _)| from.is_none_or(|from| from <= baseline));
            total += held.next().and_then(|(_, size)| *size).unwrap_or(0.0);
            for pair in sizes.windows(2) {
                let is_watched = pair[1].0 > Some(baseline) && pair[1].0 <= Some(until);
                if let (true, Some(old), Some(new)) = (is_watched, pair[0].1, pair[1].1) {
                    moved += (new - old).abs();
                }
            }
        }
        (total > 0.0).then(|| moved / total)
    })
}

/// Recomputes `scope_volatility`.
pub(super) fn volatility(company: &Company) -> Rows {
    let Company {
        releases,
        plans,
        stories,
        items,
        ..
    } = company;
    let mut rows = Rows::new("scope_volatility", &["release_id"]);
    for release in releases {
        let plan = &plans[&release.id];
        let delivered = items.iter().filter(|item| item.delivered_at.is_some());
        let kept = delivered
            .filter(|item| plan.planned.contains(&item.id) && plan.at_end.contains(&item.id));
        let delivered = kept.count();
        let of = |is_so: &dyn Fn(&Change) -> bool| plan.changes.iter().filter(|c| is_so(c)).count();
        let (added, removed) = (of(&|c| !c.is_removal), of(&|c| c.is_removal));
        let planned = plan.planned.len();
        let late = of(&|c| c.is_late == Some(true));
        let share = |part: f64, whole: usize| number((whole > 0).then(|| part / whole as f64));
        let exclusion = match plan.baseline_at {
            None => "no_baseline",
            Some(_) if plan.is_ahead => "baseline_ahead",
            Some(_) if planned == 0 => "no_planned_items",
            Some(_) => "",
        };
        let basis = match (release.freeze_at, plan.baseline_at) {
            (Some(_), _) => "freeze",
            (None, Some(_)) => "first_commitment",
            (None, None) => "",
        };
        rows.push(
            &[&release.id],
            vec![
                ("release_name", word(release.words[0].as_deref())),
                ("system", word(release.words[2].as_deref())),
                ("status", word(release.status.as_deref())),
                ("planned_at", instant(release.planned_at)),
                ("baseline_at", instant(plan.baseline_at)),
                ("baseline_basis", basis.to_owned()),
                ("freeze_at", instant(release.freeze_at)),
                ("released_at", instant(release.released_at)),
                ("planned_count", count(planned)),
                ("added_count", count(added)),
                ("removed_count", count(removed)),
                ("readded_count", count(of(&|c| c.is_return))),
                ("after_freeze_count", count(late)),
                ("change_count", count(added + removed)),
                ("delivered_count", count(delivered)),
                ("gross_ratio", share((added + removed) as f64, planned)),
                ("net_ratio", share(added as f64 - removed as f64, planned)),
                (
                    "resize_churn_ratio",
                    number(churn(release, plan, stories, items)),
                ),
                (
                    "after_freeze_ratio",
                    match release.freeze_at {
                        Some(_) => share(late as f64, added + removed),
                        None => String::new(),
                    },
                ),
                ("delivered_ratio", share(delivered as f64, planned)),
                ("exclusion", exclusion.to_owned()),
            ],
        );
    }
    rows
}

/// Recomputes `release_scope_moves`.
pub(super) fn moves(plans: &BTreeMap<String, Plan>, stories: &Stories) -> Rows {
    let mut rows = Rows::new(
        "release_scope_moves",
        &["release_id", "item_id", "move_number"],
    );
    for ((release, item), story) in stories {
        let changes = plans.get(release).map_or(&[][..], |plan| &plan.changes);
        for (place, told) in story.iter().enumerate() {
            let number = place + 1;
            let mut found = changes.iter();
            let change = found.find(|c| c.item == *item && c.number == number);
            let late = change.and_then(|c| c.is_late);
            rows.push(
                &[release, item, &number.to_string()],
                vec![
                    (
                        "action",
                        if told.is_removal { "removed" } else { "added" }.to_owned(),
                    ),
                    ("reason", word(told.said[0].as_deref())),
                    ("approval_id", word(told.said[1].as_deref())),
                    ("is_emergency", word(told.said[2].as_deref())),
                    ("is_counted", change.is_some().to_string()),
                    ("is_readded", (!told.is_removal && place > 0).to_string()),
                    (
                        "is_after_freeze",
                        late.map_or_else(String::new, |is| is.to_string()),
                    ),
                    ("changed_at", instant(Some(told.at))),
                ],
            );
        }
    }
    rows
}
