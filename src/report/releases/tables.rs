//! The tables of a release's page: its items, deployments, events and moves.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::model::{Deployment, Event, Item, Move, Release};
use super::slug::anchor;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// How many items the page shows; its JSON has all.
pub(super) const MOST_ITEMS: usize = 120;

/// How many rows of other tables the page shows.
const MOST_ROWS: usize = 100;

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// What `scope_part` of `release_items` means.
fn part_words(part: &str) -> &str {
    match part {
        "added" => "added after the baseline",
        "left_before" => "left before the baseline",
        "member" => "in it, no baseline yet",
        "joined_after" => "came after the end",
        "deployed_only" => "deployed, never in it",
        planned => planned,
    }
}

/// Every item that ever belonged to the release.
pub(super) fn item_table(release: &Release, zone: Tz) -> DataTable {
    let rows = release.items.iter().map(|item| item_row(item, zone));
    DataTable::new(
        "Every item that was ever in the release, or was deployed with it. Days from its commitment; hours of effort. One incident stands on every item that its deployment held",
        &[
            "Item",
            "Team",
            "Part",
            "At the end",
            "Delivered",
            "#Days",
            "#Active",
            "#Waiting",
            "#Blocked",
            "#Planned",
            "#Actual",
            "#Incidents",
        ],
        rows.collect(),
        MOST_ITEMS,
    )
}

fn item_row(item: &Item, zone: Tz) -> Vec<Cell> {
    let days = |value| Cell::number(value, format::number);
    // That it is not delivered has a column of its own.
    let left_out = |why: &Option<String>| {
        let why = why.as_deref().filter(|why| *why != "not_delivered");
        why.map(words)
    };
    vec![
        Cell::text(&item.id)
            .link(item.source_url.as_deref())
            .noted(item.title.as_deref())
            .anchored(anchor("item", &item.id)),
        Cell::maybe(item.team.as_deref()).noted(item.item_type.as_deref()),
        Cell::text(part_words(&item.scope_part)).noted(moved(item).as_deref()),
        Cell::text(if item.is_in_at_end {
            "in it"
        } else {
            "not in it"
        }),
        match item.is_delivered {
            true => Cell::day(item.delivered_at, zone),
            false => Cell::text("not delivered"),
        },
        // What is not delivered has no cycle time, but an age: of whole days, as ages are
        // on every page.
        match item.is_delivered {
            true => days(item.cycle_days),
            false => Cell::number(item.cycle_days, format::whole_days),
        }
        .noted(
            match (item.cycle_days, item.is_delivered) {
                (Some(_), false) => Some("so far"),
                _ => None,
            }
            .or(left_out(&item.cycle_exclusion).as_deref()),
        ),
        days(item.active_days),
        days(item.waiting_days),
        days(item.blocked_days),
        days(item.estimate_hours),
        days(item.actual_hours).noted(left_out(&item.estimate_exclusion).as_deref()),
        item.incidents
            .map_or_else(|| Cell::maybe(None), Cell::integer),
    ]
}

/// "in 1, out 1, 1 after the freeze": its scope changes, where it has any.
fn moved(item: &Item) -> Option<String> {
    let part = |count: u64, words: String| (count > 0).then_some(words);
    let number = |count: u64| format::integer(count);
    let parts = [
        part(item.added, format!("in {}", number(item.added))),
        part(item.removed, format!("out {}", number(item.removed))),
        part(
            item.after_freeze,
            format!("{} after the freeze", number(item.after_freeze)),
        ),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Its completed production deployments.
pub(super) fn deployment_table(release: &Release, zone: Tz) -> DataTable {
    let rows = release.deployments.iter().map(|one| {
        vec![
            Cell::text(&one.id).anchored(anchor("deployment", &one.id)),
            Cell::maybe(one.system.as_deref()),
            Cell::text(format::instant(one.finished_at, zone)),
            Cell::text(words(&one.result)),
            Cell::text(verdict(one)),
            Cell::integer(one.incidents),
            Cell::number(one.recovery_hours, format::number),
        ]
    });
    DataTable::new(
        "Completed production deployments, in order",
        &[
            "Deployment",
            "System",
            "Finished",
            "Result",
            "Verdict",
            "#Incidents",
            "#Recovery, hours",
        ],
        rows.collect(),
        MOST_ROWS,
    )
}

fn verdict(deployment: &Deployment) -> String {
    let causes = deployment.causes.join(", ");
    match (deployment.is_failed, deployment.is_provisional) {
        (None, _) => "unknown: no incidents are recorded for its system".to_owned(),
        (Some(true), _) if deployment.is_failed_explicit == Some(false) => {
            format!(
                "may have failed: {causes}, which is attributed to it and not named by the source"
            )
        }
        (Some(true), _) => format!("failed: {causes}"),
        (Some(false), true) => "holds so far".to_owned(),
        (Some(false), false) => "held".to_owned(),
    }
}

/// Incidents, rollbacks and hotfixes tied to its deployments.
pub(super) fn event_table(release: &Release, zone: Tz) -> DataTable {
    let rows = release.events.iter().map(|event| event_row(event, zone));
    DataTable::new(
        "Incidents, rollbacks and hotfixes tied to its deployments, in order",
        &[
            "Event",
            "Counts",
            "Kind",
            "When",
            "Deployment",
            "Tied by",
            "Answered by",
        ],
        rows.collect(),
        MOST_ROWS,
    )
}

fn event_row(event: &Event, zone: Tz) -> Vec<Cell> {
    let severity = event
        .severity
        .map(|severity| format!("severity {}", format::integer(severity)));
    let after = event.hours_after.map(|hours| match hours < 0.0 {
        true => format!("{} before its end", format::hours(-hours)),
        false => format!("{} after", format::hours(hours)),
    });
    let confidence = event
        .confidence
        .map(|share| format!("confidence {}", format::percent(share)));
    vec![
        Cell::text(&event.id).noted(event.summary.as_deref()),
        Cell::text(if event.is_counted { "yes" } else { "no" }),
        Cell::text(&event.kind).noted(severity.as_deref()),
        Cell::text(format::instant(event.happened_at, zone)),
        Cell::text(&event.deployment_id).noted(after.as_deref()),
        Cell::text(method_words(&event.method)).noted(confidence.as_deref()),
        Cell::maybe(event.answered_by.as_deref()),
    ]
}

/// How an event is tied to its deployment; see `release_incidents`.
fn method_words(method: &str) -> &str {
    match method {
        "deployment" => "the source names the deployment",
        "change" => "the change",
        "ci" => "the configuration item touched",
        "system" => "the system alone",
        "stated" => "the source says so",
        "concluded" => "concluded from an incident",
        other => other,
    }
}

/// Every move into the release and out of it.
pub(super) fn move_table(release: &Release, zone: Tz) -> DataTable {
    let rows = release.moves.iter().map(|one| move_row(one, zone));
    DataTable::new(
        "Every move into the release and out of it, in order",
        &[
            "Item",
            "When",
            "Move",
            "Counts as a change",
            "After the freeze",
            "Emergency",
            "Reason",
            "Approval",
        ],
        rows.collect(),
        MOST_ROWS,
    )
}

fn move_row(one: &Move, zone: Tz) -> Vec<Cell> {
    let known = |flag: Option<bool>| Cell::maybe(flag.map(|flag| if flag { "yes" } else { "no" }));
    let action = match (one.is_addition, one.is_readded) {
        (true, true) => "came back",
        (true, false) => "came",
        (false, _) => "went",
    };
    let is_always = one.changed_at == DateTime::<Utc>::UNIX_EPOCH;
    vec![
        Cell::text(&one.item_id),
        if is_always {
            Cell::text("always in it")
        } else {
            Cell::text(format::instant(one.changed_at, zone))
        },
        Cell::text(action),
        Cell::text(if one.is_counted { "yes" } else { "no" }),
        known(one.is_after_freeze),
        known(one.is_emergency),
        Cell::maybe(one.reason.as_deref()),
        Cell::maybe(one.approval_id.as_deref()),
    ]
}
