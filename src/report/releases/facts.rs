//! The release in figures: one row per figure, with what stands behind it.

use chrono::{DateTime, Utc};

use super::model::Release;
use super::paragraph::{FEWEST, Setting, share_text};
use super::tables::date;
use crate::report::format;
use crate::report::page::{Cell, DataTable};

/// Returns the table. Each number leads to the list that it counts.
pub(super) fn fact_table(release: &Release, setting: &Setting<'_>) -> DataTable {
    let mut rows = dates(release, setting);
    rows.extend(success(release, setting));
    rows.extend(scope(release, setting));
    rows.extend(items(release, setting));
    rows.extend(effort(release, setting));
    DataTable::new(
        "The release in figures; a number leads to the list that it counts",
        &["Figure", "#Value", "What it is"],
        rows,
        usize::MAX,
    )
}

fn row(name: &str, value: Cell, what: impl Into<String>) -> Vec<Cell> {
    vec![Cell::text(name), value, Cell::text(what)]
}

/// A count that leads to its list.
fn counted(count: u64, anchor: &str, setting: &Setting<'_>) -> Cell {
    let cell = Cell::integer(count);
    if count == 0 {
        return cell;
    }
    cell.within(&setting.link(anchor, "").href)
}

fn unknown(why: &str) -> Cell {
    Cell::maybe(None).noted(Some(why))
}

fn dates(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    let named = |name: &str, at: Option<DateTime<Utc>>, what: &str| {
        let what = match at {
            Some(at) => format!("{}; {what}", format::instant(at, setting.zone)),
            None => what.to_owned(),
        };
        row(name, date(at, setting.zone), what)
    };
    let basis = match release.baseline_basis.as_deref() {
        Some("freeze") => "the freeze less the planning window",
        Some(_) => "the first commitment of an item in it: it has no freeze",
        None => "neither a freeze nor a committed item",
    };
    vec![
        named("Planned", release.planned_at, "as the export states it now"),
        named("Baseline", release.baseline_at, basis),
        named("Freeze", release.freeze_at, "of the scope"),
        named(
            "Released",
            release.released_at,
            "by the date of this report",
        ),
        row(
            "Days after the plan",
            Cell::number(release.slip_days, format::signed),
            "local days from the planned to the release day, or to the report where it is late",
        ),
    ]
}

fn success(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    let counts = &release.counts;
    if let Some(missing) = setting.missing(&["deployments"]) {
        return vec![row("Failed deployments", unknown(&missing), "")];
    }
    let deployments = row(
        "Deployments",
        counted(counts.deployments, "deployments", setting),
        "completed, to production",
    );
    if counts.judged == 0 {
        let why = match (setting.missing(&["incidents"]), counts.deployments) {
            (_, 0) => "no deployment of it has been completed".to_owned(),
            (Some(missing), _) => missing,
            (None, _) => "no incidents are recorded for its systems".to_owned(),
        };
        return vec![deployments, row("Failed deployments", unknown(&why), "")];
    }
    let judged = format::count(counts.judged, "deployment", "deployments");
    vec![
        deployments,
        row(
            "Failed deployments",
            counted(counts.failed, "failed", setting),
            format!(
                "of {judged} of which success is known{}; {} may still fail",
                share_text(counts.failed, counts.judged),
                format::integer(counts.provisional)
            ),
        ),
        row(
            "Incidents",
            counted(counts.incidents, "incidents", setting),
            "within the window, that count against its deployments",
        ),
        row(
            "Rollbacks and hotfixes",
            counted(counts.repairs, "repairs", setting),
            "that answer its deployments",
        ),
    ]
}

fn scope(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    let scope = &release.scope;
    let exclusion = match scope.exclusion.as_deref() {
        Some("no_baseline") => Some("it has no baseline"),
        Some("baseline_ahead") => Some("its baseline lies ahead"),
        _ => None,
    };
    if let Some(why) = exclusion {
        return vec![row("Planned items", unknown(why), "")];
    }
    let late = match release.freeze_at {
        Some(_) => counted(scope.after_freeze, "after-freeze", setting),
        None => unknown("it has no freeze"),
    };
    let ratio = |ratio: Option<f64>| match ratio {
        Some(_) if scope.planned < FEWEST => {
            let planned = format::count(scope.planned, "planned item", "planned items");
            unknown(&format!("only {planned}"))
        }
        ratio => Cell::number(ratio, format::percent),
    };
    let moved = |value: Option<f64>| {
        let cell = ratio(value);
        if scope.changes == 0 {
            return cell;
        }
        cell.within(&setting.link("changes", "").href)
    };
    vec![
        row(
            "Planned items",
            counted(scope.planned, "planned", setting),
            "in it at its baseline",
        ),
        row(
            "Added",
            counted(scope.added, "added", setting),
            format!(
                "since the baseline, of which {} came back",
                format::integer(scope.readded)
            ),
        ),
        row(
            "Removed",
            counted(scope.removed, "removed", setting),
            "since the baseline",
        ),
        row("After the freeze", late, "of these changes"),
        row(
            "Gross change",
            moved(scope.gross_ratio),
            "(added + removed) / planned",
        ),
        row(
            "Net change",
            moved(scope.net_ratio),
            "(added − removed) / planned",
        ),
        row(
            "Resized",
            ratio(scope.churn_ratio),
            "estimates moved since the baseline / planned estimate",
        ),
        row(
            "Planned and delivered",
            counted(scope.delivered, "delivered", setting),
            format!(
                "of {}, in it at its end and delivered by the as-of{}",
                format::count(scope.planned, "planned item", "planned items"),
                share_text(scope.delivered, scope.planned)
            ),
        ),
    ]
}

fn items(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    if let Some(missing) = setting.missing(&["items"]) {
        return vec![row("Items", unknown(&missing), "")];
    }
    let counts = &release.counts;
    let time = &release.time;
    let stalled = match time.stalled_share() {
        Some(_) if counts.divided < FEWEST => unknown("fewer than 5 items"),
        share => Cell::number(share, format::percent),
    };
    vec![
        row(
            "Items at its end",
            counted(counts.at_end, "at-end", setting),
            format!(
                "or now, of {} that ever belonged to it",
                format::integer(counts.items)
            ),
        ),
        row(
            "Of these, delivered",
            counted(counts.delivered_at_end, "delivered-at-end", setting),
            "by the date of this report",
        ),
        row(
            "Of these, timed from commitment on",
            counted(counts.timed, "timed", setting),
            format!(
                "from their commitment on; {} of them with every stay known",
                format::integer(counts.divided)
            ),
        ),
        row(
            "Cycle time, median days",
            Cell::number(time.median_days, format::number),
            format!(
                "of {} with a clock, from commitment to delivery or to this report",
                format::count(counts.timed, "item", "items")
            ),
        ),
        row(
            "Waiting or blocked",
            stalled,
            "of the days that its items spent in known stages",
        ),
        row(
            "Deployed, never in it",
            counted(counts.deployed_only, "deployed-only", setting),
            format!(
                "by its deployments; {} more are in no export of items",
                format::integer(counts.unknown_items)
            ),
        ),
    ]
}

fn effort(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    if let Some(missing) = setting.missing(&["effort"]) {
        return vec![row("Planned and actual effort", unknown(&missing), "")];
    }
    let compared = release.counts.compared;
    let effort = &release.effort;
    vec![
        row(
            "Items compared",
            counted(compared, "compared", setting),
            "delivered, with an estimate when work began and effort",
        ),
        row(
            "Planned effort, hours",
            Cell::number(effort.estimate_hours, format::number),
            "of these items",
        ),
        row(
            "Actual effort, hours",
            Cell::number(effort.actual_hours, format::number),
            "of these items",
        ),
        row(
            "Actual / planned",
            match effort.ratio {
                Some(_) if compared < FEWEST => unknown("fewer than 5 items"),
                ratio => Cell::number(ratio, format::percent),
            },
            "of these items together",
        ),
    ]
}
