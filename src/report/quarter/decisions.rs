//! "Decisions asked of you": found by rule, each with a date and its evidence.
//!
//! What is asked for: a contract date that will not be held as things stand, a
//! release that is past its planned date, a measure that cannot meet its target
//! without change, and a source that has stopped.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::measures::QuarterMeasure;
use super::period::Quarter;
use super::plan::{self, Promise};
use crate::error::Result;
use crate::lake::Rows;
use crate::report::format;
use crate::report::page::{Link, Tag};

/// How many decisions the page asks for; the JSON has all.
const MOST_DECISIONS: usize = 4;

/// How far ahead a contract date is near enough to decide on.
const HORIZON: Days = Days::new(90);

/// One decision.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Decision {
    /// By when.
    pub(super) by: NaiveDate,
    pub(super) tag: Tag,
    pub(super) text: String,
    pub(super) evidence: Link,
}

/// The decisions: those that the page shows, and the others.
#[derive(Debug, Clone, Default, Serialize, PartialEq, Eq)]
pub(super) struct Decisions {
    pub(super) shown: Vec<Decision>,
    /// What is said of the others.
    pub(super) more: Option<String>,
    pub(super) beyond: Vec<Decision>,
}

/// A release that is not out although its planned day is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LateRelease {
    pub(super) name: String,
    pub(super) planned_on: NaiveDate,
}

/// A source that has stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StaleSource {
    pub(super) table: String,
    pub(super) last_on: NaiveDate,
}

/// What decisions are found in.
pub(super) struct Found<'a> {
    pub(super) today: NaiveDate,
    pub(super) promises: &'a [Promise],
    pub(super) releases: &'a [LateRelease],
    pub(super) measures: &'a [QuarterMeasure],
    pub(super) stale: &'a [StaleSource],
    /// By measure, where most of the rows against it come from.
    pub(super) places: &'a BTreeMap<&'static str, String>,
    /// The page that shows the releases.
    pub(super) releases_href: String,
}

/// Returns the decisions by date: what is past due first, then as they fall due.
pub(super) fn ask(found: &Found<'_>) -> Decisions {
    let promises = found
        .promises
        .iter()
        .filter(|promise| promise.is_at_risk() && promise.due_on <= found.today + HORIZON)
        .map(|promise| promised(promise, found.today));
    let releases = found.releases.iter().map(|release| late(release, found));
    // A measure is looked at again with the next quarter's page.
    let next = Quarter::of(found.today).end_on;
    let measures = found
        .measures
        .iter()
        .filter(|measure| measure.is_failing)
        .map(|measure| failing(measure, next, found.places));
    let stale = found
        .stale
        .iter()
        .map(|source| stopped(source, found.today));
    let mut all: Vec<Decision> = promises
        .chain(releases)
        .chain(measures)
        .chain(stale)
        .collect();
    all.sort_by_key(|decision| decision.by);
    let beyond = all.split_off(MOST_DECISIONS.min(all.len()));
    let more = (!beyond.is_empty()).then(|| {
        let others = format::count(beyond.len(), "decision is", "decisions are");
        format!("{others} left to the JSON of this page; the most pressing are here.")
    });
    Decisions {
        shown: all,
        more,
        beyond,
    }
}

/// "Overdue since 3 Mar 2026" or "By 3 Mar 2026".
fn due(by: NaiveDate, today: NaiveDate) -> Tag {
    match by < today {
        true => Tag::new("bad", format!("Since {}", format::date(by))),
        false => Tag::new("warn", format!("By {}", format::date(by))),
    }
}

fn evidence(href: impl Into<String>) -> Link {
    Link {
        href: href.into(),
        text: "Evidence".to_owned(),
    }
}

fn promised(promise: &Promise, today: NaiveDate) -> Decision {
    let what = promise.clause.as_ref().unwrap_or(&promise.id);
    let carrier = promise.carrier.as_deref().unwrap_or("no release");
    let late = promise
        .days_late
        .map(|days| format::count(days.abs(), "day", "days"));
    let state = match (promise.state.as_str(), late) {
        ("overdue", Some(late)) => format!("is {late} overdue ({carrier})"),
        ("planned_late", Some(late)) => format!("is planned {late} after it ({carrier})"),
        ("plan_passed", _) => format!("is near, and {carrier} has passed its planned day"),
        _ => "is near, and no open release brings it".to_owned(),
    };
    Decision {
        by: promise.due_on,
        tag: due(promise.due_on, today),
        text: format!(
            "Agree a new date with {}, or bring it forward: the date of {what} {state}.",
            promise.customer
        ),
        evidence: evidence("#contracts"),
    }
}

fn late(release: &LateRelease, found: &Found<'_>) -> Decision {
    Decision {
        by: release.planned_on,
        tag: due(release.planned_on, found.today),
        text: format!(
            "Give {} a new date or stop it: its planned day is over and it is not out.",
            release.name
        ),
        evidence: evidence(found.releases_href.clone()),
    }
}

fn failing(
    measure: &QuarterMeasure,
    by: NaiveDate,
    places: &BTreeMap<&'static str, String>,
) -> Decision {
    let place = places.get(measure.measure);
    let place = place.map_or_else(String::new, |words| format!("; {words}"));
    Decision {
        by,
        tag: Tag::new("warn", format!("By {}", format::date(by))),
        text: format!(
            "Decide who will {} {} and how, or set another target: it was {}, 95% interval {}, and its target of {} was {} quarters{place}. It is reviewed in the {} report.",
            if measure.definition.is_more_better {
                "raise"
            } else {
                "lower"
            },
            lower_first(&measure.label),
            measure.with_basis(),
            measure.interval_text,
            measure.target_text,
            measure.assurance_note,
            Quarter::of(by).label
        ),
        evidence: evidence(measure.now_rows.clone()),
    }
}

fn stopped(source: &StaleSource, today: NaiveDate) -> Decision {
    Decision {
        by: source.last_on,
        tag: due(source.last_on, today),
        text: format!(
            "Have the export of {} mended: it has brought nothing since.",
            source.table
        ),
        evidence: evidence("../data-quality.html"),
    }
}

/// A label within a sentence.
pub(super) fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Returns the releases whose planned day is over and that are neither out nor
/// cancelled, the longest overdue first.
pub(super) fn late_releases(
    rows: &Rows,
    today: NaiveDate,
    zone: chrono_tz::Tz,
) -> Result<Vec<LateRelease>> {
    let mut releases = Vec::new();
    for row in rows.indices() {
        let is_over = matches!(rows.text("status", row)?, Some("released" | "cancelled"))
            || rows.instant("released_at", row)?.is_some();
        let planned_at = rows.instant("planned_at", row)?.filter(|_| !is_over);
        let Some(planned_at) = planned_at else {
            continue;
        };
        let planned_on = planned_at.with_timezone(&zone).date_naive();
        if planned_on < today {
            let name = rows
                .text("release_name", row)?
                .or(rows.text("release_id", row)?);
            releases.push(LateRelease {
                name: plan::name(name.unwrap_or_default()),
                planned_on,
            });
        }
    }
    releases.sort_by(|a, b| (a.planned_on, &a.name).cmp(&(b.planned_on, &b.name)));
    Ok(releases)
}

#[cfg(test)]
mod tests;
