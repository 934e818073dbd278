//! The release in figures: one row per figure, with what stands behind it.

mod work;

use chrono::{DateTime, Utc};

use super::model::Release;
use super::paragraph::{FEWEST, Setting, share_text};
use crate::report::definition::page::link_to;
use crate::report::format;
use crate::report::page::{Cell, DataTable, Tag};
use work::{clocks, effort};

/// The rows that deployments date.
const SUCCESS_ROWS: [&str; 4] = [
    "Deployments",
    "Failed deployments",
    "Incidents",
    "Rollbacks and hotfixes",
];

/// The rows that the log of the scope dates.
const SCOPE_ROWS: [&str; 8] = [
    "Planned items",
    "Added",
    "Removed",
    "After the freeze",
    "Gross change",
    "Net change",
    "Resized",
    "Planned and delivered",
];

/// The rows that the log of the items and deployments date.
const ITEM_ROWS: [&str; 6] = [
    "Items at its end",
    "Of these, delivered",
    "Of these, timed from commitment on",
    "Cycle time, median days",
    "Waiting or blocked",
    "Deployed, never in it",
];

/// Returns the table. Each number leads to the list that it counts.
pub(super) fn fact_table(release: &Release, setting: &Setting<'_>) -> DataTable {
    let mut rows = dates(release, setting);
    rows.extend(success(release, setting));
    rows.extend(scope(release, setting));
    rows.extend(items(release, setting));
    rows.extend(effort(release, setting));
    for row in &mut rows {
        let name = &mut row[0];
        let mart = mart_behind(&name.text);
        name.href = Some(link_to(mart, 1).href);
    }
    DataTable::new(
        "The release in figures; a number leads to the list that it counts, its name to how it is defined",
        &["Figure", "#Value", "What it is"],
        rows,
        usize::MAX,
    )
}

/// The mart that defines a row.
fn mart_behind(name: &str) -> &'static str {
    match name {
        name if name.starts_with("Failed deployments") => "success_rate",
        "Incidents" | "Rollbacks and hotfixes" => "release_incidents",
        "Baseline" | "Freeze" => "scope_volatility",
        name if SCOPE_ROWS.contains(&name) => "scope_volatility",
        "Items" | "Deployed, never in it" => "release_items",
        "Waiting or blocked" => "release_stage_times",
        _ => "release_summary",
    }
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

/// Rows of which the source has stopped too early: each a dash and the tag.
fn withheld(names: &[&str], tag: &Tag) -> Vec<Vec<Cell>> {
    let named = names.iter();
    named
        .map(|name| row(name, Cell::withheld(tag.clone()), ""))
        .collect()
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
        row(name, Cell::day(at, setting.zone), what)
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
    if let Some(tag) = (setting.stale)("success_rate") {
        return withheld(&SUCCESS_ROWS, &tag);
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
    let of = format!(
        "of {judged} of which success is known{}; {} may still fail",
        share_text(counts.failed, counts.judged),
        format::integer(counts.provisional)
    );
    let mut rows = vec![deployments];
    if counts.failed_explicit < counts.failed {
        rows.push(row(
            "Failed deployments, at least",
            counted(counts.failed_explicit, "failed-explicit", setting),
            "by what the sources say alone",
        ));
        rows.push(row(
            "Failed deployments, at most",
            counted(counts.failed, "failed", setting),
            format!("with incidents that are attributed by change, CI or system; {of}"),
        ));
    } else {
        rows.push(row(
            "Failed deployments",
            counted(counts.failed, "failed", setting),
            of,
        ));
    }
    rows.extend([
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
    ]);
    rows
}

fn scope(release: &Release, setting: &Setting<'_>) -> Vec<Vec<Cell>> {
    let scope = &release.scope;
    if let Some(tag) = (setting.stale)("scope_after_freeze") {
        return withheld(&SCOPE_ROWS, &tag);
    }
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
    if let Some(tag) = (setting.stale)("cycle_time_p85") {
        return withheld(&ITEM_ROWS, &tag);
    }
    let counts = &release.counts;
    let time = &release.time;
    let stalled = match time.stalled_share() {
        Some(_) if counts.divided < FEWEST => unknown("fewer than 5 items"),
        share => Cell::number(share, format::percent),
    };
    let mut rows = vec![
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
    ];
    rows.extend(clocks(release, setting));
    rows.extend([
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
    ]);
    rows
}

#[cfg(test)]
mod tests {
    use super::super::samples::release;
    use super::*;

    #[test]
    fn a_stopped_source_leaves_a_dash_and_a_tag_in_each_of_its_rows() {
        let mut told = release();
        told.counts.deployments = 7;
        told.counts.judged = 7;
        let setting = Setting {
            zone: chrono_tz::UTC,
            is_fed: &|_| true,
            stale: &|measure| {
                (measure == "success_rate").then(|| Tag::new("warn", "Source stale: deployments"))
            },
            lists: "",
        };
        let rows = fact_table(&told, &setting).rows;
        for row in &rows {
            let is_dated = SUCCESS_ROWS.contains(&row[0].text.as_str());
            let tag = row[1].tag.as_ref().map(|tag| tag.text.as_str());
            assert_eq!(tag, is_dated.then_some("Source stale: deployments"));
            assert!(!is_dated || row[1].text == "—", "{row:?}");
        }
        let names: Vec<&str> = rows.iter().map(|row| row[0].text.as_str()).collect();
        for name in SUCCESS_ROWS {
            assert!(names.contains(&name), "{name} among {names:?}");
        }
    }

    #[test]
    fn the_rows_of_a_release_are_those_that_a_stopped_source_would_withhold() {
        let setting = |is_stale: bool| {
            let stale: &dyn Fn(&str) -> Option<Tag> = match is_stale {
                true => &|_| Some(Tag::new("warn", "Source stale: x")),
                false => &|_| None,
            };
            Setting {
                zone: chrono_tz::UTC,
                is_fed: &|_| true,
                stale,
                lists: "",
            }
        };
        let mut told = release();
        told.counts.judged = 1;
        let names = |is_stale| -> Vec<String> {
            let rows = fact_table(&told, &setting(is_stale)).rows;
            rows.into_iter().map(|row| row[0].text.clone()).collect()
        };
        assert_eq!(names(true), names(false));
    }

    fn facts(release: &Release) -> DataTable {
        let setting = Setting {
            zone: chrono_tz::UTC,
            is_fed: &|_| true,
            stale: &|_| None,
            lists: "",
        };
        fact_table(release, &setting)
    }

    fn value(table: &DataTable, name: &str) -> Option<(String, Option<String>)> {
        let row = table.rows.iter().find(|row| row[0].text == name)?;
        Some((row[1].text.clone(), row[1].href.clone()))
    }

    #[test]
    fn a_release_of_which_nothing_is_delivered_has_an_age_and_no_cycle_time() {
        let mut ahead = release();
        ahead.counts.timed = 5;
        ahead.time.age_median_days = Some(53.0);
        let table = facts(&ahead);
        assert_eq!(
            value(&table, "Cycle time, median days"),
            Some(("n/a".to_owned(), None))
        );
        let age = value(&table, "Age so far, median days");
        assert_eq!(age, Some(("53".to_owned(), None)));
        let open = value(&table, "Of these, open");
        assert_eq!(open, Some(("5".to_owned(), Some("#timed-open".to_owned()))));
        ahead.counts.timed_delivered = 5;
        ahead.time.delivered_median_days = Some(40.0);
        ahead.time.age_median_days = None;
        let table = facts(&ahead);
        assert_eq!(value(&table, "Age so far, median days"), None);
        let cycle = value(&table, "Cycle time, median days");
        assert_eq!(cycle, Some(("40".to_owned(), None)));
    }

    #[test]
    fn failures_by_attribution_alone_have_two_rows_with_their_lists() {
        let mut doubtful = release();
        doubtful.counts.deployments = 3;
        doubtful.counts.judged = 3;
        doubtful.counts.failed = 2;
        doubtful.counts.failed_explicit = 1;
        let table = facts(&doubtful);
        for (name, count, anchor) in [
            ("Failed deployments, at least", "1", "#failed-explicit"),
            ("Failed deployments, at most", "2", "#failed"),
        ] {
            let found = value(&table, name);
            assert_eq!(found, Some((count.to_owned(), Some(anchor.to_owned()))));
        }
        assert_eq!(value(&table, "Failed deployments"), None);
    }
}
